using System.Text;

namespace ElfMmu.Dwarf;

/// <summary>Types as C text, for messages.</summary>
internal static class DwarfTypeText
{
    // A type may refer to itself without a name between; text ends somewhere.
    private const int MostSteps = 32;

    public static string Of(DwarfType? type)
    {
        var suffix = new StringBuilder();
        string prefix = "";
        for (int step = 0; step < MostSteps; step++)
        {
            switch (type)
            {
                case null:
                    return "void" + Space(prefix) + suffix;
                case DwarfPointerType pointer:
                    prefix = "*" + prefix;
                    type = pointer.Target;
                    if (type is DwarfArrayType or DwarfFunctionType)
                    {
                        prefix = "(" + prefix;
                        suffix.Append(')');
                    }

                    break;
                case DwarfArrayType array:
                    foreach (ulong? count in array.Counts)
                    {
                        suffix.Append('[').Append(count).Append(']');
                    }

                    type = array.Element;
                    break;
                case DwarfQualifiedType qualified:
                    prefix = qualified.Qualifier.ToString().ToLowerInvariant() + Space(prefix);
                    type = qualified.Target;
                    break;
                case DwarfFunctionType function:
                    suffix.Append(function.Parameters.Count == 0 ? "(void)" : "(…)");
                    type = function.ReturnType;
                    break;
                default:
                    string word = type switch
                    {
                        DwarfStructType { Kind: DwarfStructKind.Union } => "union ",
                        DwarfStructType => "struct ",
                        DwarfEnumType => "enum ",
                        _ => "",
                    };
                    string rest = prefix + suffix;
                    return word + (type.Name ?? "{…}") + Space(rest);
            }
        }

        return "…" + Space(prefix) + suffix;
    }

    private static string Space(string text) => text.Length == 0 ? "" : " " + text;
}
