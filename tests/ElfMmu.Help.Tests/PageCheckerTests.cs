using ElfMmu.Help.Cmdlets;
using Xunit;

namespace ElfMmu.Help.Tests;

public class PageCheckerTests
{
    [Fact]
    public void A_page_that_agrees_has_no_problems() => Assert.Empty(Sample.Check(Sample.Page));

    [Theory]
    [InlineData("## Notes", "## Remarks", "the sections must be")]
    [InlineData("### -Kind", "### -Sort", "the parameter -Kind is described 0 times")]
    [InlineData("### -Kind", "### -Sort", "Get-Thing has no parameter -Sort")]
    [InlineData("| Aliases | PSPath, LP |", "| Aliases | PSPath |", "-Path: Aliases must be 'PSPath, LP', not 'PSPath'")]
    [InlineData("| Position | 0 |", "| Position | 1 |", "-Path: Position must be '0', not '1'")]
    [InlineData("| Type | UInt64 |", "| Type | Int64 |", "-Id: Type must be 'UInt64', not 'Int64'")]
    [InlineData("| Pipeline input | by value, by property name |", "| Pipeline input | by value |", "-Path: Pipeline input must be")]
    [InlineData("| Parameter sets | Id |", "| Parameter sets | all |", "-Id: Parameter sets must be 'Id', not 'all'")]
    [InlineData("| Values | Small, Large |\n", "", "-Kind: Values must be 'Small, Large', not ''")]
    [InlineData("| Default | Small |\n", "", "-Kind: the row Default is missing")]
    [InlineData("| Default | Small |", "| Default | Small |\n| Size | 1 |", "-Kind: there should be no row Size")]
    [InlineData("[-All] [<CommonParameters>]\n```\n\n### Id", "[<CommonParameters>]\n```\n\n### Id", "the syntax 'Path' must be: Get-Thing [-Path] <String[]> [-Kind <ThingKind>] [-All]")]
    [InlineData("### Id\n", "### Number\n", "Get-Thing has no parameter set 'Number'")]
    [InlineData("ThingLost", "ThingGone", "no error has the id 'ThingGone'")]
    [InlineData("### System.String", "### System.Object", "the type System.String is taken from the pipeline")]
    [InlineData("### Sample.Thing", "### Sample.Other", "the type Sample.Thing is emitted")]
    [InlineData("### Sample.Thing", "### Sample.Other", "doesn't say that it emits Sample.Other")]
    [InlineData("```powershell", "```ps", "the example 'Get one' must have one ```powershell block")]
    [InlineData("It is <small> & *cheap*.", "", "the example 'Get one' must say what it does")]
    [InlineData("The kind.\n", "", "-Kind: the description is missing")]
    public void A_page_that_disagrees_is_refused(string right, string wrong, string message)
    {
        string page = Sample.Page.ReplaceLineEndings("\n");
        Assert.Contains(right, page);

        Assert.Contains(Sample.Check(page.Replace(right, wrong)), p => p.Message.Contains(message));
    }

    [Fact]
    public void A_new_parameter_is_reported_with_the_table_to_write()
    {
        var parameter = new CmdletParameter(
            "Depth", "System.Int32", [], false, [], new Dictionary<string, ParameterBinding> { ["Id"] = new(false, 2, false, false) });

        var problems = Sample.Check(Sample.Page, Sample.Cmdlet with { Parameters = [.. Sample.Cmdlet.Parameters, parameter] });

        Assert.Contains(problems, p => p.Message.Contains("-Depth") && p.Message.Contains("Type = Int32; Aliases = none; Required = no; Position = 2"));
    }

    [Fact]
    public void A_problem_is_written_as_an_error_of_MSBuild() =>
        Assert.Equal("a.md(3): error HELP: wrong.", new HelpProblem("a.md", 3, "wrong.").ToString());
}
