namespace ElfMmu.Intervals;

/// <summary>Intervals as people type them.</summary>
public static class IntervalText
{
    /// <summary>
    /// Reads <c>START-END</c>, whose end is the first address behind the interval, or <c>START+SIZE</c>. Both numbers are written as
    /// <see cref="AddressText.TryParse"/> reads them, and the blanks around them don't matter. An end of <c>0x10000000000000000</c> is
    /// the top of the address space.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ElfMmuException">
    /// <c>RangeInvalid</c>: it is anything else, has no bytes, or goes past the top of the address space.
    /// </exception>
    public static Interval Parse(string text)
    {
        const string Top = "0x10000000000000000";
        ArgumentNullException.ThrowIfNull(text);
        int sign = text.AsSpan().IndexOfAny('-', '+');
        if (sign < 0 || !AddressText.TryParse(text[..sign], out ulong start))
        {
            throw Invalid(text, null);
        }

        string second = text[(sign + 1)..];
        bool isEnd = text[sign] == '-';
        if (isEnd && second.Trim() == Top)
        {
            return Interval.FromStartAndLast(start, ulong.MaxValue);
        }

        if (!AddressText.TryParse(second, out ulong number) || (isEnd && number == 0))
        {
            throw Invalid(text, null);
        }

        try
        {
            return isEnd ? Interval.FromStartAndLast(start, number - 1) : Interval.FromStartAndSize(start, number);
        }
        catch (ElfMmuException e)
        {
            throw Invalid(text, e);
        }
    }

    /// <summary>Reads what <see cref="Parse"/> reads, or one address by itself, which means that address alone.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ElfMmuException"><c>RangeInvalid</c>: as <see cref="Parse"/>.</exception>
    public static Interval ParseTarget(string text) =>
        AddressText.TryParse(text, out ulong address) ? Interval.FromStartAndSize(address, 1) : Parse(text);

    /// <summary>The text that <see cref="Parse"/> reads as an interval: <c>0x1000-0x2000</c>.</summary>
    public static string Format(Interval interval) => interval.Last == ulong.MaxValue
        ? $"0x{interval.Start:x}-0x10000000000000000"
        : $"0x{interval.Start:x}-0x{interval.Last + 1:x}";

    private static ElfMmuException Invalid(string text, ElfMmuException? inner) => new(
        "RangeInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' isn't a range of addresses. Write its first address, '-' and the first address behind it (0x1000-0x3000), or its "
        + "first address, '+' and its size (0x1000+0x2000).",
        inner);
}
