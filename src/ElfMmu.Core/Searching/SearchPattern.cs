using System.Globalization;
using ElfMmu.Intervals;
using ElfMmu.Reading;

namespace ElfMmu.Searching;

/// <summary>What is searched for. It belongs to no dump; what it leaves open (the order of bytes, the word) the space decides.</summary>
public abstract class SearchPattern
{
    /// <summary>The most bytes a pattern may have.</summary>
    public const int MostBytes = 1 << 16;

    /// <summary>The largest alignment that can be asked for.</summary>
    public const int MostAlignment = 4096;

    private protected SearchPattern(string name, int? alignment)
    {
        if (alignment is { } given && (given < 1 || given > MostAlignment || !int.IsPow2(given)))
        {
            throw new ElfMmuException(
                "AlignmentInvalid",
                ErrorKind.InvalidArgument,
                $"{given} isn't an alignment: give a power of two from 1 to {MostAlignment}.");
        }

        Name = name;
        Alignment = alignment;
    }

    /// <summary>What hits are told apart by: the pattern as it was written.</summary>
    public string Name { get; }

    /// <summary>What the address of a hit is a multiple of; null for the pattern's own choice.</summary>
    public int? Alignment { get; }

    /// <summary>How the text that is searched for is stored; null for patterns other than text.</summary>
    public virtual TextEncoding? Encoding => null;

    /// <summary>
    /// Bytes in hexadecimal, with or without blanks, commas or colons between them; <c>?</c> stands for any digit, <c>??</c> for any byte:
    /// <c>48 8b ?? 05</c>, <c>4?8b</c>.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>PatternInvalid</c>, <c>AlignmentInvalid</c>.</exception>
    public static SearchPattern Bytes(string text, int? alignment = null) => MaskedPattern.Parse(text, alignment);

    /// <summary>Exactly these bytes.</summary>
    /// <exception cref="ElfMmuException"><c>PatternInvalid</c>, <c>AlignmentInvalid</c>.</exception>
    public static SearchPattern Bytes(ReadOnlySpan<byte> bytes, int? alignment = null)
    {
        byte[] copy = bytes.ToArray();
        return new MaskedPattern(string.Join(' ', copy.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))), copy, null, alignment);
    }

    /// <summary>
    /// Text. Without regard to case, letters are taken in both forms, as far as the two take the same number of bytes.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>PatternInvalid</c>: it is empty or can't be written so; <c>AlignmentInvalid</c>.</exception>
    public static SearchPattern Text(
        string text, TextEncoding encoding = TextEncoding.Utf8, bool ignoreCase = false, int? alignment = null) =>
        new TextPattern(text, encoding, ignoreCase, alignment);

    /// <summary>
    /// A regular expression of .NET over bytes, each of which it sees as the character of that number (Latin-1). Its hits don't overlap
    /// in memory that is contiguous. See <see cref="RegexPattern"/>.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>PatternInvalid</c>, <c>AlignmentInvalid</c>.</exception>
    public static SearchPattern Regex(
        string expression, bool ignoreCase = false, int mostLength = RegexPattern.DefaultMostLength, int? alignment = null) =>
        new RegexPattern(expression, ignoreCase, mostLength, alignment);

    /// <summary>A value as programs store it; by default where its size aligns it.</summary>
    /// <exception cref="ElfMmuException"><c>ValueInvalid</c>: a type of known size doesn't hold it; <c>AlignmentInvalid</c>.</exception>
    public static SearchPattern Value(object value, MemoryValueType type, int? alignment = null) => new ValuePattern(value, type, alignment);

    /// <summary>
    /// Pointers into a range: words of the space whose value lies in it, as they stand, with a tag if they have one; by default where their
    /// size aligns them.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>AlignmentInvalid</c>.</exception>
    public static SearchPattern PointerTo(Interval range, int? alignment = null) => new PointerPattern(range, alignment);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>What finds the pattern in the memory of a machine.</summary>
    /// <param name="model">How the machine stores numbers.</param>
    /// <param name="mostAlignment">The largest alignment that may be relied on while searching.</param>
    internal abstract IMatcher Compile(DataModel model, int mostAlignment = MostAlignment);

    /// <summary>The error of a pattern that can't be one.</summary>
    private protected static ElfMmuException Invalid(string message, Exception? inner = null) =>
        new("PatternInvalid", ErrorKind.InvalidArgument, message, inner);
}
