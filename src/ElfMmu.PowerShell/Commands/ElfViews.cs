namespace ElfMmu.PowerShell.Commands;

/// <summary>How texts of ELF files are shown; the module's format views call it.</summary>
public static class ElfViews
{
    // Nobody reads more at the prompt, and formatting is slow.
    private const int MostCharacters = 4096;

    /// <summary>A text on one line: a file may be hostile, and an escape sequence planted in it must not reach the terminal.</summary>
    public static string Text(string? text)
    {
        text ??= "";
        string shown = text.Length > MostCharacters ? text[..MostCharacters] + "..." : text;
        return string.Concat(shown.Select(c => char.IsControl(c) ? '.' : c));
    }
}
