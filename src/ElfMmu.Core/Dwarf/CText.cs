namespace ElfMmu.Dwarf;

/// <summary>Says where in a text of types something is wrong.</summary>
internal static class CText
{
    /// <summary>The most characters a text of types has.</summary>
    public const int MaximumLength = 64 << 20;

    public static ElfMmuException Invalid(string text, int position, string what)
    {
        position = Math.Min(position, text.Length);
        int line = text.AsSpan(0, position).Count('\n') + 1;
        int start = position == 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;
        int end = text.IndexOf('\n', position);
        string shown = text[start..(end < 0 ? text.Length : end)].Trim();
        return new ElfMmuException(
            "TypeTextInvalid",
            ErrorKind.InvalidArgument,
            $"The types are wrong in line {line}, column {position - start + 1}, "
            + $"'{(shown.Length > 60 ? shown[..60] + "…" : shown)}': {what}.")
        {
            Offset = (ulong)position,
        };
    }

    public static void CheckLength(string text)
    {
        if (text.Length > MaximumLength)
        {
            throw new ElfMmuException(
                "TypeTextInvalid",
                ErrorKind.LimitsExceeded,
                $"The text of types has {text.Length} characters; {MaximumLength} are the most. Cut it into several.");
        }
    }
}
