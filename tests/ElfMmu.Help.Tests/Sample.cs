using ElfMmu.Help.Cmdlets;
using ElfMmu.Help.Pages;

namespace ElfMmu.Help.Tests;

/// <summary>A small cmdlet and the page that agrees with it.</summary>
internal static class Sample
{
    public const string Page = """
        # Get-Thing

        ## Synopsis

        Gets things.

        ## Syntax

        ### Path (default)

        ```text
        Get-Thing [-Path] <String[]> [-Kind <ThingKind>]
            [-All] [<CommonParameters>]
        ```

        ### Id

        ```text
        Get-Thing -Id <UInt64> [-Kind <ThingKind>] [-All] [<CommonParameters>]
        ```

        ## Description

        First paragraph, with `code` and a
        second line.

        - one
        - two

        ## Examples

        ### Get one

        ```powershell
        Get-Thing a | Where-Object { $_.Size -lt 5 }
        ```

        ```output
        Name Size
        ---- ----
        a       1
        ```

        It is <small> & *cheap*.

        ## Parameters

        ### -Path

        The files.

        | Property | Value |
        | --- | --- |
        | Type | String[] |
        | Aliases | PSPath, LP |
        | Required | yes |
        | Position | 0 |
        | Pipeline input | by value, by property name |
        | Wildcards | yes |
        | Parameter sets | Path |
        | Default | none |

        ### -Id

        The number.

        | Property | Value |
        | --- | --- |
        | Type | UInt64 |
        | Aliases | none |
        | Required | yes |
        | Position | named |
        | Pipeline input | no |
        | Wildcards | no |
        | Parameter sets | Id |
        | Default | none |

        ### -Kind

        The kind.

        | Property | Value |
        | --- | --- |
        | Type | ThingKind |
        | Values | Small, Large |
        | Aliases | none |
        | Required | no |
        | Position | named |
        | Pipeline input | no |
        | Wildcards | no |
        | Parameter sets | all |
        | Default | Small |

        ### -All

        All of them.

        | Property | Value |
        | --- | --- |
        | Type | SwitchParameter |
        | Aliases | none |
        | Required | no |
        | Position | named |
        | Pipeline input | no |
        | Wildcards | no |
        | Parameter sets | all |

        ## Inputs

        ### System.String

        A path.

        ## Outputs

        ### Sample.Thing

        A thing.

        ## Errors

        | Id | Meaning | What to do |
        | --- | --- | --- |
        | ThingLost | It is lost. | Look for it. |

        ## Notes

        None.

        ## Related

        - [Set-Thing](Set-Thing.md)
        - [The web](https://example.org/thing)
        """;

    private static readonly ParameterBinding Optional = new(false, null, false, false);

    public static Cmdlet Cmdlet { get; } = new(
        "Get-Thing",
        "Path",
        [
            new CmdletParameter("Path", "System.String[]", ["PSPath", "LP"], true, [], In("Path", new(true, 0, true, true))),
            new CmdletParameter("Id", "System.UInt64", [], false, [], In("Id", new(true, null, false, false))),
            new CmdletParameter(
                "Kind", "Sample.ThingKind", [], false, ["Small", "Large"], In(CmdletParameter.AllSets, Optional)),
            new CmdletParameter(
                "All", "System.Management.Automation.SwitchParameter", [], false, [], In(CmdletParameter.AllSets, Optional)),
        ],
        ["Sample.Thing"]);

    /// <summary>Reads and checks a page against a cmdlet.</summary>
    public static List<HelpProblem> Check(string page, Cmdlet? cmdlet = null)
    {
        var problems = new List<HelpProblem>();
        CmdletPage read = CmdletPageReader.Read("Get-Thing.md", page, problems);
        PageChecker.Check(read, cmdlet ?? Cmdlet, text => text == "ThingLost", problems);
        return problems;
    }

    private static Dictionary<string, ParameterBinding> In(string set, ParameterBinding binding) => new() { [set] = binding };
}
