using System.Text;
using ElfMmu.Help.Cmdlets;

namespace ElfMmu.Help.Pages;

/// <summary>The syntax of a parameter set in words, as <c>Get-Command -Syntax</c> has it.</summary>
public static class SyntaxText
{
    private const int Width = 100;

    /// <summary>Writes a set's syntax, in lines of at most 100 characters.</summary>
    public static string Of(Cmdlet cmdlet, string set)
    {
        var text = new StringBuilder(cmdlet.Name);
        int column = text.Length;
        foreach (string part in cmdlet.ParametersOf(set).Select(p => Of(p.Parameter, p.Binding)).Append("[<CommonParameters>]"))
        {
            if (column + 1 + part.Length > Width)
            {
                text.Append("\n   ");
                column = 3;
            }

            text.Append(' ').Append(part);
            column += 1 + part.Length;
        }

        return text.ToString();
    }

    private static string Of(CmdletParameter parameter, ParameterBinding binding)
    {
        string name = binding.Position != null ? $"[-{parameter.Name}]" : "-" + parameter.Name;
        string text = parameter.IsSwitch ? name : $"{name} <{parameter.ShortType}>";
        return binding.IsMandatory ? text : $"[{text}]";
    }
}
