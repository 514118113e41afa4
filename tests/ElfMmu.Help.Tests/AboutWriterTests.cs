using ElfMmu.Help.Output;
using Xunit;

namespace ElfMmu.Help.Tests;

public class AboutWriterTests
{
    [Fact]
    public void A_topic_is_plain_text_in_the_form_of_Get_Help()
    {
        const string Page = """
            # about_Thing

            What things
            are.

            ## Of things

            A [thing](thing.md) is `this`: a word that is followed by so many other words that the line has to be wrapped.

            | Name | Meaning |
            | --- | --- |
            | one | The first. |
            | two | The second. |

            ```powershell
            Get-Thing |
                Remove-Thing
            ```
            """;

        string text = AboutWriter.Write("about_Thing.md", "about_Thing", Page, []);

        Assert.Equal(
            """
            TOPIC
                about_Thing

            SHORT DESCRIPTION
                What things are.

            LONG DESCRIPTION
            OF THINGS

                A thing is this: a word that is followed by so many other words that the
                line has to be wrapped.

                - one: The first.
                - two: The second.

                    Get-Thing |
                        Remove-Thing

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Theory]
    [InlineData("# about_Other\n\nText.\n")]
    [InlineData("# about_Thing\n\n## Section\n\nText.\n")]
    [InlineData("Text.\n")]
    public void A_page_without_its_name_or_a_summary_is_refused(string page)
    {
        var problems = new List<HelpProblem>();

        AboutWriter.Write("about_Thing.md", "about_Thing", page, problems);

        Assert.Contains("must begin with the heading '# about_Thing'", Assert.Single(problems).Message);
    }

    [Fact]
    public void A_summary_that_needs_two_lines_is_refused()
    {
        var problems = new List<HelpProblem>();

        AboutWriter.Write("about_Thing.md", "about_Thing", $"# about_Thing\n\n{new string('a', 77)}\n", problems);

        Assert.Contains("at most 76 characters", Assert.Single(problems).Message);
    }
}
