namespace ElfMmu;

/// <summary>Rights as people write them.</summary>
public static class RightsFormat
{
    private static readonly string[] Dashed = ["---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"];

    private static readonly string[] Lettered = ["", "x", "w", "wx", "r", "rx", "rw", "rwx"];

    /// <summary>Three places with dashes for what is missing, such as <c>r-x</c>.</summary>
    public static string Format(Rights rights) => Dashed[(int)rights & 7];

    /// <summary>Only the letters that are there, such as <c>rx</c>.</summary>
    public static string Letters(Rights rights) => Lettered[(int)rights & 7];

    /// <summary>Reads three places with dashes, or only letters, in any order and case.</summary>
    /// <returns>False when the text holds anything else.</returns>
    public static bool TryParse(string text, out Rights rights)
    {
        rights = Rights.None;
        foreach (char letter in text)
        {
            switch (letter)
            {
                case 'r' or 'R':
                    rights |= Rights.Read;
                    break;
                case 'w' or 'W':
                    rights |= Rights.Write;
                    break;
                case 'x' or 'X':
                    rights |= Rights.Execute;
                    break;
                case '-':
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
