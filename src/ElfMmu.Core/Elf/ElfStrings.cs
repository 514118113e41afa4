using System.Text;

namespace ElfMmu.Elf;

/// <summary>
/// A string table (gABI, "String Table"): texts that end with a NUL, named by the offset of their first byte. Text is UTF-8; bytes that
/// aren't become U+FFFD.
/// <para>
/// One rule bounds what a hostile table costs, where each of a million names is "the rest of the table": the long names, those of more
/// than <see cref="ShortBytes"/>, may together have twice the bytes of the table, each offset counted once. Names of a sound table
/// have at most as many as the table, but for ends that they share. A name that would exceed that, or is longer than
/// <see cref="MostBytes"/>, is cut at <see cref="ShortBytes"/>, ends with <see cref="CutMark"/>, and makes a diagnostic. All who ask for a
/// long name have the same text while one of them keeps it. So all names together cost O(table + 1 for each), in time and in memory.
/// </para>
/// </summary>
public sealed class ElfStrings
{
    /// <summary>The most bytes of a name that is always given out whole.</summary>
    public const int ShortBytes = 128;

    /// <summary>The most bytes of any name: far more than compilers make.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>What the text of a name ends with that was cut: U+2026.</summary>
    public const string CutMark = "…";

    private readonly byte[] _bytes;
    private readonly ElfDiagnostics? _diagnostics;
    private readonly int? _section;
    private readonly Dictionary<uint, (int Length, WeakReference<string>? Text)> _long = [];
    private long _left;

    /// <summary>Makes a table.</summary>
    /// <param name="bytes">The table; it isn't copied.</param>
    public ElfStrings(byte[] bytes)
        : this(bytes, null)
    {
    }

    internal ElfStrings(byte[] bytes, ElfDiagnostics? diagnostics, int? section = null)
    {
        _bytes = bytes;
        _diagnostics = diagnostics;
        _section = section;
        _left = 2L * bytes.Length;
    }

    /// <summary>The table without a string.</summary>
    public static ElfStrings None { get; } = new([]);

    /// <summary>The size of the table in bytes.</summary>
    public int Size => _bytes.Length;

    /// <summary>Whether a name was cut.</summary>
    internal bool HasCut { get; private set; }

    /// <summary>The text at an offset; empty where the table has ended. O(its length).</summary>
    /// <param name="offset">The offset of the first byte.</param>
    public string this[uint offset]
    {
        get
        {
            int length = ShortLength(offset);
            if (length >= 0)
            {
                return Decode(offset, length);
            }

            lock (_long)
            {
                length = LongLength(offset);
                if (length < 0)
                {
                    return Decode(offset, ShortBytes) + CutMark;
                }

                if (_long[offset].Text is not { } kept || !kept.TryGetTarget(out string? text))
                {
                    text = Decode(offset, length);
                    _long[offset] = (length, new WeakReference<string>(text));
                }

                return text;
            }
        }
    }

    /// <summary>The bytes at an offset up to the NUL, or up to the end of the table; empty behind the end. O(their number).</summary>
    /// <param name="offset">The offset of the first byte.</param>
    public ReadOnlySpan<byte> Bytes(uint offset)
    {
        int length = ShortLength(offset);
        if (length < 0)
        {
            lock (_long)
            {
                length = LongLength(offset);
            }
        }

        return length == 0 ? [] : _bytes.AsSpan((int)offset, length < 0 ? ShortBytes : length);
    }

    private string Decode(uint offset, int length) => length == 0 ? "" : Encoding.UTF8.GetString(_bytes, (int)offset, length);

    /// <summary>The length of a short name; -1 for a long one.</summary>
    private int ShortLength(uint offset)
    {
        if (offset >= (uint)_bytes.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = _bytes.AsSpan((int)offset);
        int end = rest[..Math.Min(rest.Length, ShortBytes + 1)].IndexOf((byte)0);
        return end < 0 && rest.Length <= ShortBytes ? rest.Length : end;
    }

    /// <summary>The length of a long name; -1 for one that is to be cut.</summary>
    private int LongLength(uint offset)
    {
        if (_long.TryGetValue(offset, out (int Length, WeakReference<string>? Text) known))
        {
            return known.Length;
        }

        ReadOnlySpan<byte> rest = _bytes.AsSpan((int)offset);
        int most = (int)Math.Min(Math.Min(MostBytes, _left), rest.Length);
        int end = rest[..most].IndexOf((byte)0);
        int length = end < 0 && most == rest.Length ? most : end;

        // What was looked at in vain counts too: looking takes the time.
        _left -= length < 0 ? most : length;
        if (length >= 0)
        {
            _long.Add(offset, (length, null));
            return length;
        }

        if (!HasCut)
        {
            HasCut = true;
            _diagnostics?.Add("NamesCut",
                $"The name at 0x{offset:x} of a table of 0x{Size:x} bytes of names was cut: it has more than 0x{MostBytes:x} bytes, or the long names " +
                "together far more than the table. Others may be, too.",
                null, _section);
        }

        return -1;
    }
}
