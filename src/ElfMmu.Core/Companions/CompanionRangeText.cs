using ElfMmu.Intervals;

namespace ElfMmu.Companions;

/// <summary>Sections as people type them.</summary>
public static class CompanionRangeText
{
    /// <summary>
    /// Reads <c>NAME=RANGE</c> or <c>NAME=RANGE:RIGHTS</c>, with a range as <see cref="IntervalText.Parse"/> reads it and rights as
    /// <c>rwx</c> with letters or dashes. Without rights the name decides.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ElfMmuException"><c>SectionInvalid</c>: it is anything else.</exception>
    public static CompanionRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? Parse(text[..equals].Trim(), text[(equals + 1)..])
            : throw Invalid(text, null);
    }

    /// <summary>Reads the range, and the rights behind it, of a section whose name is known.</summary>
    /// <param name="name">The name.</param>
    /// <param name="text"><c>RANGE</c> or <c>RANGE:RIGHTS</c>.</param>
    /// <exception cref="ElfMmuException"><c>SectionInvalid</c>: it is anything else.</exception>
    public static CompanionRange Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        Rights rights = CompanionRange.RightsOf(name);
        if (colon >= 0 && !RightsFormat.TryParse(text[(colon + 1)..].Trim(), out rights))
        {
            throw Invalid($"{name}={text}", null);
        }

        try
        {
            return new CompanionRange(name, IntervalText.Parse(colon < 0 ? text : text[..colon]), rights);
        }
        catch (ElfMmuException e)
        {
            throw Invalid($"{name}={text}", e);
        }
    }

    private static ElfMmuException Invalid(string text, ElfMmuException? inner) => new(
        "SectionInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' isn't a section. Write its name, '=' and its range (.text=0x1000-0x3000 or .text=0x1000+0x2000), and behind a colon its rights "
        + "if the name doesn't say them (mydata=0x3000+0x1000:rw).",
        inner);
}
