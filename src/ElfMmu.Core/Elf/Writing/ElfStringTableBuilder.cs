using System.Runtime.InteropServices;
using System.Text;

namespace ElfMmu.Elf.Writing;

/// <summary>
/// Makes a string table (gABI, "String Table"). Names stand in the order in which they were added; one that is the end of another one shares
/// its bytes if that is wanted. O(bytes · log names).
/// </summary>
/// <param name="seed">A table that stays as it is at the start; what it has isn't added again.</param>
/// <param name="shares">Whether ends are shared.</param>
internal sealed class ElfStringTableBuilder(ReadOnlyMemory<byte> seed, bool shares)
{
    private readonly Dictionary<string, uint> _offsets = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly ElfStrings _seeded = new(MemoryMarshal.TryGetArray(seed, out ArraySegment<byte> array) && array.Offset == 0
        && array.Count == array.Array!.Length ? array.Array : seed.ToArray());
    private readonly Dictionary<uint, string> _known = [];
    private bool _isSeedKnown;

    public void Add(string name)
    {
        KnowSeed();
        if (_offsets.TryAdd(name, 0))
        {
            if (name.Contains('\0'))
            {
                throw new ElfMmuException("ElfModelInvalid", ErrorKind.InvalidArgument,
                    $"The name '{name.Replace('\0', '?')}' has a NUL in it, which would end it; leave that out.");
            }

            _names.Add(name);
        }
    }

    public uint this[string name] => _offsets[name];

    /// <summary>Whether the seed has a name at an offset: then it needn't be added.</summary>
    public bool Has(uint offset, string name)
    {
        // Many symbols may have one long name: it is compared once.
        if (offset >= (uint)seed.Length || ReferenceEquals(_known.GetValueOrDefault(offset), name))
        {
            return offset < (uint)seed.Length || (name.Length == 0 && offset == 0);
        }

        bool has = _seeded[offset] == name;
        if (has && name.Length > ElfStrings.ShortBytes)
        {
            _known[offset] = name;
        }

        return has;
    }

    public byte[] Build()
    {
        if (_names.Count == 0)
        {
            return seed.Length == 0 ? [0] : seed.ToArray();
        }

        byte[][] texts = [.. _names.Select(Encoding.UTF8.GetBytes)];
        int[] keeper = shares ? FindKeepers(texts) : [.. Enumerable.Range(0, texts.Length)];
        var bytes = new MemoryStream();
        bytes.Write(seed.Span);
        if (bytes.Length == 0 || seed.Span[^1] != 0)
        {
            bytes.WriteByte(0);
        }

        uint[] starts = new uint[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (keeper[i] == i)
            {
                starts[i] = checked((uint)bytes.Length);
                bytes.Write(texts[i]);
                bytes.WriteByte(0);
            }
        }

        for (int i = 0; i < texts.Length; i++)
        {
            int k = keeper[i];
            _offsets[_names[i]] = starts[k] + (uint)(texts[k].Length - texts[i].Length);
        }

        return bytes.ToArray();
    }

    // Sorted by their bytes from the end, a text stands right before those that end with it. The last eight bytes are a number that sorts so,
    // and most texts differ in them.
    private static int[] FindKeepers(byte[][] texts)
    {
        int[] order = [.. Enumerable.Range(0, texts.Length)];
        ulong[] ends = Array.ConvertAll(texts, End);
        Array.Sort(ends, order);
        for (int start = 0; start < order.Length;)
        {
            int next = start + 1;
            while (next < order.Length && ends[next] == ends[start])
            {
                next++;
            }

            if (next - start > 1)
            {
                order.AsSpan(start, next - start).Sort((a, b) => CompareFromEnd(texts[a], texts[b]));
            }

            start = next;
        }

        int[] keepers = new int[texts.Length];
        int kept = order[^1];
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int text = order[i];
            kept = texts[kept].AsSpan().EndsWith(texts[text]) ? kept : text;
            keepers[text] = kept;
        }

        return keepers;
    }

    private static ulong End(byte[] text)
    {
        ulong end = 0;
        for (int i = 1; i <= 8; i++)
        {
            end = (end << 8) | (i <= text.Length ? text[^i] : 0u);
        }

        return end;
    }

    private static int CompareFromEnd(byte[] a, byte[] b)
    {
        int shorter = Math.Min(a.Length, b.Length);
        for (int i = 1; i <= shorter; i++)
        {
            if (a[^i] != b[^i])
            {
                return a[^i].CompareTo(b[^i]);
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private void KnowSeed()
    {
        if (_isSeedKnown)
        {
            return;
        }

        _isSeedKnown = true;
        _offsets[""] = 0;
        ReadOnlySpan<byte> rest = seed.Span;
        uint at = 0;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)0);
            if (end < 0)
            {
                break;
            }

            _offsets.TryAdd(Encoding.UTF8.GetString(rest[..end]), at);
            at += (uint)end + 1;
            rest = rest[(end + 1)..];
        }
    }
}
