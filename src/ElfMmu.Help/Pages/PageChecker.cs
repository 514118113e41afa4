using System.Globalization;
using ElfMmu.Help.Cmdlets;

namespace ElfMmu.Help.Pages;

/// <summary>Holds a page against its cmdlet.</summary>
public static class PageChecker
{
    /// <summary>Checks a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="cmdlet">The cmdlet as compiled.</param>
    /// <param name="isInCode">Says whether the code holds a text; asked for the ids of errors.</param>
    /// <param name="problems">Takes what disagrees.</param>
    public static void Check(CmdletPage page, Cmdlet cmdlet, Func<string, bool> isInCode, ICollection<HelpProblem> problems)
    {
        CheckSyntax();
        foreach (CmdletParameter parameter in cmdlet.Parameters)
        {
            PageParameter[] described = [.. page.Parameters.Where(p => p.Name == parameter.Name)];
            if (described.Length != 1)
            {
                Add(1, $"the parameter -{parameter.Name} is described {described.Length} times instead of once; "
                    + TableOf(cmdlet, parameter));
            }
            else
            {
                CheckParameter(described[0], parameter);
            }
        }

        foreach (PageParameter extra in page.Parameters.Where(p => cmdlet.Parameters.All(c => c.Name != p.Name)))
        {
            Add(extra.Line, $"{cmdlet.Name} has no parameter -{extra.Name}.");
        }

        string[] inputs = [.. cmdlet.Parameters
            .Where(p => p.Sets.Values.Any(b => b.ByValue))
            .Select(p => p.Type.Replace("[]", "", StringComparison.Ordinal))];
        foreach (string missing in inputs.Except(page.Inputs.Select(t => t.Name)))
        {
            Add(1, $"the type {missing} is taken from the pipeline and missing under Inputs.");
        }

        foreach (string missing in cmdlet.OutputTypes.Except(page.Outputs.Select(t => t.Name)))
        {
            Add(1, $"the type {missing} is emitted and missing under Outputs.");
        }

        foreach (PageType extra in page.Outputs.Where(t => !cmdlet.OutputTypes.Contains(t.Name)))
        {
            Add(extra.Line, $"{cmdlet.Name} doesn't say that it emits {extra.Name}.");
        }

        foreach (PageError error in page.Errors.Where(e => !isInCode(e.Id)))
        {
            Add(error.Line, $"no error has the id '{error.Id}'.");
        }

        if (page.Examples.Count == 0 || page.Synopsis.Length == 0)
        {
            Add(1, "a synopsis and an example are the least a page must have.");
        }

        void CheckSyntax()
        {
            foreach (string set in cmdlet.ParameterSets)
            {
                string expected = SyntaxText.Of(cmdlet, set);
                string name = set == CmdletParameter.AllSets ? "" : set;
                PageSyntax? shown = page.Syntaxes.FirstOrDefault(s => s.Set == name);
                if (shown == null || Words(shown.Text) != Words(expected))
                {
                    Add(shown?.Line ?? 1, $"the syntax '{name}' must be: {Words(expected)}");
                }
            }

            foreach (PageSyntax extra in page.Syntaxes.Where(s => !cmdlet.ParameterSets.Contains(s.Set) && s.Set.Length > 0))
            {
                Add(extra.Line, $"{cmdlet.Name} has no parameter set '{extra.Set}'.");
            }
        }

        void CheckParameter(PageParameter described, CmdletParameter parameter)
        {
            IReadOnlyDictionary<string, string> expected = Properties(cmdlet, parameter);
            foreach ((string name, string value) in expected)
            {
                string? shown = described.Properties.GetValueOrDefault(name);
                if (shown != value)
                {
                    Add(described.Line, $"-{parameter.Name}: {name} must be '{value}', not '{shown}'.");
                }
            }

            if (!parameter.IsSwitch && !described.Properties.ContainsKey("Default"))
            {
                Add(described.Line, $"-{parameter.Name}: the row Default is missing.");
            }

            foreach (string extra in described.Properties.Keys.Except(expected.Keys).Where(k => k != "Default"))
            {
                Add(described.Line, $"-{parameter.Name}: there should be no row {extra}.");
            }

            if (described.Description.Count == 0)
            {
                Add(described.Line, $"-{parameter.Name}: the description is missing.");
            }
        }

        void Add(int line, string message) => problems.Add(new HelpProblem(page.Path, line, message));
    }

    /// <summary>The rows that a parameter's table must have, beside Default.</summary>
    public static IReadOnlyDictionary<string, string> Properties(Cmdlet cmdlet, CmdletParameter parameter)
    {
        var sets = parameter.Sets.Where(s => parameter.Sets.Count == 1 || s.Key != CmdletParameter.AllSets).ToArray();
        var rows = new Dictionary<string, string> { ["Type"] = parameter.ShortType };
        if (parameter.Values.Count > 0)
        {
            rows["Values"] = string.Join(", ", parameter.Values);
        }

        rows["Aliases"] = parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases);
        rows["Required"] = InEachSet(b => b.IsMandatory ? "yes" : "no");
        rows["Position"] = InEachSet(b => b.Position?.ToString(CultureInfo.InvariantCulture) ?? "named");
        rows["Pipeline input"] = InEachSet(PipelineText);
        rows["Wildcards"] = parameter.TakesWildcards ? "yes" : "no";
        bool all = parameter.Sets.ContainsKey(CmdletParameter.AllSets) || cmdlet.ParameterSets.All(parameter.Sets.ContainsKey);
        rows["Parameter sets"] = all ? "all" : string.Join(", ", parameter.Sets.Keys);
        return rows;

        string InEachSet(Func<ParameterBinding, string> text)
        {
            string[] texts = [.. sets.Select(s => text(s.Value))];
            return texts.Distinct().Count() == 1 ? texts[0] : string.Join(", ", sets.Zip(texts, (s, t) => $"{s.Key}: {t}"));
        }
    }

    private static string PipelineText(ParameterBinding binding) => (binding.ByValue, binding.ByPropertyName) switch
    {
        (true, true) => "by value, by property name",
        (true, false) => "by value",
        (false, true) => "by property name",
        _ => "no",
    };

    private static string TableOf(Cmdlet cmdlet, CmdletParameter parameter) =>
        "its table: " + string.Join("; ", Properties(cmdlet, parameter).Select(p => $"{p.Key} = {p.Value}"));

    private static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
