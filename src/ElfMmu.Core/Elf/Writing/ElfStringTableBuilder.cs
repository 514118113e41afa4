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
        if (offset >= (uint)seed.Length)
        {
            return name.Length == 0 && offset == 0;
        }

        ReadOnlySpan<byte> rest = seed.Span[(int)offset..];
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]) == name;
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

    // Sorted by their reversed bytes, a text stands right before those that end with it.
    private static int[] FindKeepers(byte[][] texts)
    {
        int[] order = [.. Enumerable.Range(0, texts.Length)];
        byte[][] reversed = [.. texts.Select(t => t.Reverse().ToArray())];
        Array.Sort(order, (a, b) => reversed[a].AsSpan().SequenceCompareTo(reversed[b]));
        int[] keepers = new int[texts.Length];
        int kept = order[^1];
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int text = order[i];
            kept = reversed[kept].AsSpan().StartsWith(reversed[text]) ? kept : text;
            keepers[text] = kept;
        }

        return keepers;
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
