namespace ElfMmu.Elf.Writing;

/// <summary>
/// Follows the chains of a section and turns the numbers on the way. A number is read before it is turned, and none is turned twice: a chain that
/// runs into what has been turned, or out of the section, ends there. So the way back is the same way.
/// </summary>
internal sealed class ElfChainSwapper(byte[] bytes, ElfWords words)
{
    private readonly bool[] _isTurned = new bool[bytes.Length];

    /// <summary>SHT_GNU_HASH: four words, a bloom filter of words as wide as the class, buckets and chains of words.</summary>
    public void GnuHash()
    {
        ulong bloom = Word(8) ?? 0;
        if (!Turn(0, "4444"))
        {
            return;
        }

        ulong at = 16;
        string width = words.NativeSize == 8 ? "8" : "4";
        for (ulong i = 0; i < bloom && Turn(at, width); i++)
        {
            at += (ulong)words.NativeSize;
        }

        while (Turn(at, "4"))
        {
            at += 4;
        }
    }

    /// <summary>SHT_GNU_verdef: records of 20 bytes, each with a chain of records of 8.</summary>
    public void VersionDefinitions() => Chain("2222444", auxiliaryAt: 12, nextAt: 16, "44", auxiliaryNextAt: 4);

    /// <summary>SHT_GNU_verneed: records of 16 bytes, each with a chain of records of 16.</summary>
    public void VersionNeeds() => Chain("22444", auxiliaryAt: 8, nextAt: 12, "42244", auxiliaryNextAt: 12);

    /// <summary>Notes: three words, then a name and a description, which has numbers in GNU's tags and properties and in SystemTap's probes.</summary>
    public void Notes(int alignment)
    {
        ulong at = 0;
        while (Word(at) is { } nameSize && Word(at + 4) is { } size && Word(at + 8) is { } type && Turn(at, "444"))
        {
            ulong description = Up(at + ElfNotes.HeaderSize + nameSize, alignment);
            ulong end = description + size;
            if (end <= (ulong)bytes.Length && IsGnu(5, at + ElfNotes.HeaderSize, nameSize, type))
            {
                Properties(description, end);
            }
            else if (end <= (ulong)bytes.Length && IsGnu(1, at + ElfNotes.HeaderSize, nameSize, type))
            {
                Numbers(description, end, 4);
            }
            else if (end <= (ulong)bytes.Length && IsProbe(at + ElfNotes.HeaderSize, nameSize, type))
            {
                Turn(description, words.NativeSize == 8 ? "888" : "444");
            }

            at = Up(end, alignment);
        }
    }

    private static ulong Up(ulong value, int alignment) => (value + (ulong)alignment - 1) & ~((ulong)alignment - 1);

    // NT_GNU_PROPERTY_TYPE_0: a type and a size before each value. One of 8 bytes is a number, as the size of the stack is, and one of 16 is two
    // (AArch64's PAUTH); the others are words. The next is aligned as the class is wide.
    private void Properties(ulong start, ulong end)
    {
        for (ulong at = start; at + 8 <= end && Word(at + 4) is { } size && Turn(at, "44");)
        {
            at += 8;
            if (size > end - at)
            {
                return;
            }

            Numbers(at, at + size, size % 8 == 0 ? 8u : 4);
            at = start + Up(at + size - start, words.NativeSize);
        }
    }

    private void Numbers(ulong at, ulong end, uint width)
    {
        for (; at + width <= end && Turn(at, width == 8 ? "8" : "4"); at += width)
        {
        }
    }

    // NT_GNU_ABI_TAG 1 and NT_GNU_PROPERTY_TYPE_0 5.
    private bool IsGnu(ulong wanted, ulong name, ulong size, ulong type) =>
        type == wanted && size == 4 && bytes.AsSpan((int)name, 4).SequenceEqual("GNU\0"u8);

    // A probe of SystemTap: three addresses, then texts.
    private bool IsProbe(ulong name, ulong size, ulong type) =>
        type == 3 && size == 8 && bytes.AsSpan((int)name, 8).SequenceEqual("stapsdt\0"u8);

    private void Chain(string record, ulong auxiliaryAt, ulong nextAt, string auxiliary, ulong auxiliaryNextAt)
    {
        for (ulong at = 0; ;)
        {
            if (Word(at + nextAt) is not { } next || Word(at + auxiliaryAt) is not { } first || !Turn(at, record))
            {
                return;
            }

            ulong inner = at + first;
            while (Word(inner + auxiliaryNextAt) is { } innerNext && Turn(inner, auxiliary) && innerNext != 0)
            {
                inner += innerNext;
            }

            if (next == 0)
            {
                return;
            }

            at += next;
        }
    }

    // A word that hasn't been turned, wholly or in part.
    private ulong? Word(ulong at) => IsFree(at, 4) ? words.Word(bytes.AsSpan((int)at)) : null;

    private bool IsFree(ulong at, int size) =>
        at <= (ulong)bytes.Length && (ulong)size <= (ulong)bytes.Length - at && !_isTurned.AsSpan((int)at, size).Contains(true);

    private bool Turn(ulong at, string widths)
    {
        int size = widths.Sum(w => w - '0');
        if (!IsFree(at, size))
        {
            return false;
        }

        _isTurned.AsSpan((int)at, size).Fill(true);
        ElfByteOrder.SwapFields(bytes.AsSpan((int)at, size), widths);
        return true;
    }
}
