using System.Xml.Linq;
using ElfMmu.Help.Output;
using ElfMmu.Help.Pages;
using Xunit;

namespace ElfMmu.Help.Tests;

public class MamlWriterTests
{
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly string Xml =
        MamlWriter.ToXml([(CmdletPageReader.Read("Get-Thing.md", Sample.Page, []), Sample.Cmdlet)]);

    private static readonly XElement Item = XDocument.Parse(Xml).Root!.Element(Command + "command")!;

    [Fact]
    public void The_root_is_what_PowerShell_looks_for() =>
        Assert.Contains("<helpItems schema=\"maml\" xmlns=\"http://msh\">", Xml);

    [Fact]
    public void Details_are_these() => Assert.Equal(
        """
        <command:details>
          <command:name>Get-Thing</command:name>
          <maml:description>
            <maml:para>Gets things.</maml:para>
          </maml:description>
          <command:verb>Get</command:verb>
          <command:noun>Thing</command:noun>
        </command:details>
        """,
        Text("details"));

    [Fact]
    public void The_description_is_in_paragraphs() => Assert.Equal(
        """
        <maml:description>
          <maml:para>First paragraph, with code and a second line.</maml:para>
          <maml:para>- one</maml:para>
          <maml:para>- two</maml:para>
        </maml:description>
        """,
        Text(Item.Element(Maml + "description")!));

    [Fact]
    public void The_syntax_has_an_item_for_each_set_with_the_default_one_first()
    {
        XElement[] sets = [.. Item.Element(Command + "syntax")!.Elements(Command + "syntaxItem")];

        Assert.Equal(2, sets.Length);
        Assert.Equal(["Path", "Kind", "All"], sets[0].Elements(Command + "parameter").Select(Name));
        Assert.Equal(["Id", "Kind", "All"], sets[1].Elements(Command + "parameter").Select(Name));
        Assert.Equal(
            """
            <command:parameter required="true" variableLength="true" globbing="true" pipelineInput="True (ByValue, ByPropertyName)" position="0" aliases="PSPath, LP">
              <maml:name>Path</maml:name>
              <command:parameterValue required="true" variableLength="true">String[]</command:parameterValue>
            </command:parameter>
            """,
            Text(sets[0].Elements(Command + "parameter").First()));
    }

    [Fact]
    public void A_parameter_has_its_values_and_its_default() => Assert.Equal(
        """
        <command:parameter required="false" variableLength="false" globbing="false" pipelineInput="False" position="named" aliases="none">
          <maml:name>Kind</maml:name>
          <maml:description>
            <maml:para>The kind.</maml:para>
            <maml:para>Values: Small, Large.</maml:para>
          </maml:description>
          <command:parameterValue required="true" variableLength="false">ThingKind</command:parameterValue>
          <dev:type>
            <maml:name>ThingKind</maml:name>
          </dev:type>
          <dev:defaultValue>Small</dev:defaultValue>
        </command:parameter>
        """,
        Text(Item.Element(Command + "parameters")!.Elements(Command + "parameter").ElementAt(2)));

    [Fact]
    public void An_example_shows_code_and_output_and_then_says_what_it_is()
    {
        XElement example = Item.Element(Command + "examples")!.Element(Command + "example")!;

        Assert.Equal("--- Example 1: Get one ---", example.Element(Maml + "title")!.Value);
        Assert.Equal(
            "Get-Thing a | Where-Object { $_.Size -lt 5 }\n\nName Size\n---- ----\na       1",
            example.Element(Dev + "code")!.Value.ReplaceLineEndings("\n"));
        Assert.Equal("It is  & cheap.", example.Element(Dev + "remarks")!.Elements(Maml + "para").First().Value);
    }

    [Fact]
    public void Errors_and_notes_stand_below_each_other()
    {
        string[] notes = [.. Item.Descendants(Maml + "alert").Elements(Maml + "para").Select(p => p.Value)];

        Assert.Equal(["ERRORS", "- ThingLost: It is lost. Look for it.", "REMARKS", "None."], notes);
    }

    [Fact]
    public void Types_and_links_are_there()
    {
        Assert.Equal("System.String", Item.Element(Command + "inputTypes")!.Descendants(Maml + "name").Single().Value);
        Assert.Equal("Sample.Thing", Item.Element(Command + "returnValues")!.Descendants(Maml + "name").Single().Value);
        XElement[] links = [.. Item.Element(Command + "relatedLinks")!.Elements()];
        Assert.Equal(["Set-Thing", "The web"], links.Select(l => l.Element(Maml + "linkText")!.Value));
        Assert.Equal(["", "https://example.org/thing"], links.Select(l => l.Element(Maml + "uri")!.Value));
    }

    private static string Name(XElement parameter) => parameter.Element(Maml + "name")!.Value;

    private static string Text(string name) => Text(Item.Element(Command + name)!);

    /// <summary>An element as the file has it, without the declarations of namespaces.</summary>
    private static string Text(XElement element)
    {
        foreach (string prefix in new[] { "command", "maml", "dev" })
        {
            element.SetAttributeValue(XNamespace.Xmlns + prefix, null);
        }

        var copy = new XElement(
            "root",
            new XAttribute(XNamespace.Xmlns + "command", Command.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "maml", Maml.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "dev", Dev.NamespaceName),
            new XElement(element));
        string[] lines = copy.ToString().ReplaceLineEndings("\n").Split('\n');
        return string.Join('\n', lines[1..^1].Select(l => l[2..]));
    }
}
