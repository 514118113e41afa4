using System.Globalization;
using System.Text;
using System.Xml;
using ElfMmu.Help.Cmdlets;
using ElfMmu.Help.Pages;

namespace ElfMmu.Help.Output;

/// <summary>Writes cmdlet help in MAML, the XML that Get-Help reads.</summary>
public static class MamlWriter
{
    private const string Help = "http://msh";
    private const string Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private const string Maml = "http://schemas.microsoft.com/maml/2004/10";
    private const string Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Writes the help of a module's cmdlets.</summary>
    public static void Write(string path, IEnumerable<(CmdletPage Page, Cmdlet Cmdlet)> pages)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false));
        writer.Write(ToXml(pages));
    }

    /// <summary>The help of a module's cmdlets as text.</summary>
    public static string ToXml(IEnumerable<(CmdletPage Page, Cmdlet Cmdlet)> pages)
    {
        var text = new Utf8StringWriter();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("helpItems", Help);
            xml.WriteAttributeString("schema", "maml");
            foreach ((CmdletPage page, Cmdlet cmdlet) in pages)
            {
                xml.WriteStartElement("command", "command", Command);
                xml.WriteAttributeString("xmlns", "maml", null, Maml);
                xml.WriteAttributeString("xmlns", "dev", null, Dev);
                new Item(xml, page, cmdlet).Write();
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return text + "\n";
    }

    private sealed class Item(XmlWriter xml, CmdletPage page, Cmdlet cmdlet)
    {
        public void Write()
        {
            string[] words = cmdlet.Name.Split('-', 2);
            Element("details", Command, () =>
            {
                Leaf("name", Command, cmdlet.Name);
                Element("description", Maml, () => Leaf("para", Maml, page.Synopsis));
                Leaf("verb", Command, words[0]);
                Leaf("noun", Command, words[1]);
            });
            Paragraphs("description", Maml, page.Description);
            Element("syntax", Command, () => Each(cmdlet.ParameterSets, WriteSyntax));
            Element("parameters", Command, () => Each(page.Parameters, WriteParameter));
            Element("inputTypes", Command, () => Each(page.Inputs, t => WriteType("inputType", t)));
            Element("returnValues", Command, () => Each(page.Outputs, t => WriteType("returnValue", t)));
            Element("alertSet", Maml, () => Element("alert", Maml, WriteNotes));
            Element("examples", Command, () => Each(page.Examples, WriteExample));
            Element("relatedLinks", Command, () => Each(page.Related, WriteLink));
        }

        private void WriteSyntax(string set) => Element("syntaxItem", Command, () =>
        {
            Leaf("name", Maml, cmdlet.Name);
            foreach ((CmdletParameter parameter, ParameterBinding binding) in cmdlet.ParametersOf(set))
            {
                WriteParameter(parameter, binding, () =>
                {
                    Leaf("name", Maml, parameter.Name);
                    if (!parameter.IsSwitch)
                    {
                        WriteValueType(parameter);
                    }
                });
            }
        });

        private void WriteParameter(PageParameter described)
        {
            CmdletParameter parameter = cmdlet.Parameters.First(p => p.Name == described.Name);
            WriteParameter(parameter, parameter.Sets.First().Value, () =>
            {
                Leaf("name", Maml, parameter.Name);
                IReadOnlyList<TextBlock> values = parameter.Values.Count == 0
                    ? []
                    : [new TextBlock(TextKind.Paragraph, $"Values: {string.Join(", ", parameter.Values)}.")];
                Paragraphs("description", Maml, [.. described.Description, .. values]);
                WriteValueType(parameter);
                Element("type", Dev, () => Leaf("name", Maml, parameter.ShortType));
                Leaf("defaultValue", Dev, described.Properties.GetValueOrDefault("Default") ?? "False");
            });
        }

        private void WriteParameter(CmdletParameter parameter, ParameterBinding binding, Action content)
        {
            string pipeline = (binding.ByValue, binding.ByPropertyName) switch
            {
                (true, true) => "True (ByValue, ByPropertyName)",
                (true, false) => "True (ByValue)",
                (false, true) => "True (ByPropertyName)",
                _ => "False",
            };
            Element("parameter", Command, () =>
            {
                xml.WriteAttributeString("required", Text(binding.IsMandatory));
                xml.WriteAttributeString("variableLength", Text(parameter.Type.EndsWith("[]", StringComparison.Ordinal)));
                xml.WriteAttributeString("globbing", Text(parameter.TakesWildcards));
                xml.WriteAttributeString("pipelineInput", pipeline);
                xml.WriteAttributeString("position", binding.Position?.ToString(CultureInfo.InvariantCulture) ?? "named");
                xml.WriteAttributeString("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases));
                content();
            });
        }

        private void WriteValueType(CmdletParameter parameter) => Element("parameterValue", Command, () =>
        {
            xml.WriteAttributeString("required", Text(!parameter.IsSwitch));
            xml.WriteAttributeString("variableLength", Text(parameter.Type.EndsWith("[]", StringComparison.Ordinal)));
            xml.WriteString(parameter.ShortType);
        });

        private void WriteType(string name, PageType type) => Element(name, Command, () =>
        {
            Element("type", Dev, () => Leaf("name", Maml, type.Name));
            Paragraphs("description", Maml, type.Description);
        });

        private void WriteNotes()
        {
            Leaf("para", Maml, "ERRORS");
            Each(Lines(page.ErrorText), line => Leaf("para", Maml, line));
            if (page.Notes.Count > 0)
            {
                Leaf("para", Maml, "REMARKS");
                Each(Lines(page.Notes), line => Leaf("para", Maml, line));
            }
        }

        private void WriteExample(PageExample example) => Element("example", Command, () =>
        {
            int number = page.Examples.ToList().IndexOf(example) + 1;
            Leaf("title", Maml, $"--- Example {number}: {example.Title} ---");
            Leaf("code", Dev, example.Output.Length == 0 ? example.Code : $"{example.Code}\n\n{example.Output}");

            // Get-Help puts the next title right below; the empty paragraph keeps a distance.
            Paragraphs("remarks", Dev, [.. example.Remarks, new TextBlock(TextKind.Paragraph, "")]);
        });

        private void WriteLink(PageLink link) => Element("navigationLink", Maml, () =>
        {
            Leaf("linkText", Maml, link.Text);
            Leaf("uri", Maml, link.Address);
        });

        private void Paragraphs(string name, string space, IEnumerable<TextBlock> blocks) =>
            Element(name, space, () => Each(Lines(blocks), line => Leaf("para", Maml, line)));

        private static IEnumerable<string> Lines(IEnumerable<TextBlock> blocks) => blocks.SelectMany(block => block.Kind switch
        {
            TextKind.Code => block.Text.Split('\n').Select(line => "    " + line),
            TextKind.Item => ["- " + block.Text],
            _ => [block.Text],
        });

        private void Element(string name, string space, Action content)
        {
            xml.WriteStartElement(name, space);
            content();
            xml.WriteEndElement();
        }

        private void Leaf(string name, string space, string text) => Element(name, space, () => xml.WriteString(text));

        private static void Each<T>(IEnumerable<T> items, Action<T> write)
        {
            foreach (T item in items)
            {
                write(item);
            }
        }

        private static string Text(bool value) => value ? "true" : "false";
    }

    private sealed class Utf8StringWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
