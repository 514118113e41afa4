namespace ElfMmu.Elf.Dynamic;

/// <summary>
/// The dynamic section of a file or of a loaded image (gABI, "Dynamic Section"): what a loader goes by. It is found by its section, or
/// without sections by PT_DYNAMIC. What is asked of it reads the file, so it lasts as long as the file is open.
/// </summary>
public sealed class ElfDynamicTable
{
    /// <summary>The most bytes of a table of a loaded image: memory that isn't there reads as zeros, and there may be any amount of it.</summary>
    private const ulong MostLoaded = 64 << 20;

    private readonly ElfFile _file;
    private readonly byte[] _bytes;
    private readonly int _entrySize;
    private readonly uint? _link;
    private ElfStrings? _strings;

    private ElfDynamicTable(ElfFile file, int? section, ulong offset, byte[] bytes)
    {
        _file = file;
        _bytes = bytes;
        _entrySize = EntrySize(file.Header.Class);
        Section = section;
        Offset = offset;
        _link = section is { } index ? file.SectionHeaders[index].Link : null;
        int most = bytes.Length / _entrySize;
        while (Count < most && this[Count++].Tag != ElfDynamicTags.Null)
        {
        }

        if (Count == 0 || this[Count - 1].Tag != ElfDynamicTags.Null)
        {
            file.Diagnostics.Add("DynamicNotEnded",
                $"The dynamic section at 0x{offset:x} has 0x{bytes.Length:x} bytes and no DT_NULL that ends it; its {Count} entries were read.",
                offset, section);
        }
    }

    /// <summary>The index of its section; null where PT_DYNAMIC says where it is.</summary>
    public int? Section { get; }

    /// <summary>Its first byte in the input.</summary>
    public ulong Offset { get; }

    /// <summary>How many entries there are, with the DT_NULL that ends them.</summary>
    public int Count { get; }

    /// <summary>The table of names, by DT_STRTAB and DT_STRSZ; where no segment has that address, by the link of the section.</summary>
    public ElfStrings Strings => _strings ??= ReadStrings();

    /// <summary>An entry: its tag (d_tag) and its value (d_un).</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public (ulong Tag, ulong Value) this[int index]
    {
        get
        {
            var record = default(ElfDynamicRecord);
            var fields = new ElfFieldReader(_bytes.AsSpan(index * _entrySize, _entrySize), _file.Header.Class, _file.Header.Data);
            ElfRecords.Dynamic(ref fields, ref record);
            return (record.Tag, record.Value);
        }
    }

    /// <summary>The entries as objects. O(1) each, and the length of their text.</summary>
    public IEnumerable<ElfDynamicEntry> Entries
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                yield return new ElfDynamicEntry(_file, this, i);
            }
        }
    }

    /// <summary>Finds the dynamic section; null if there is none. O(sections or segments, and entries).</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public static ElfDynamicTable? Of(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        ReadOnlySpan<ElfSectionHeader> sections = file.SectionHeaders;
        for (int i = 0; i < sections.Length; i++)
        {
            if (sections[i].Type == ElfSectionTypes.Dynamic)
            {
                return new ElfDynamicTable(file, i, sections[i].Offset, file.Content(i));
            }
        }

        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            if (segment.Type == ElfSegmentType.Dynamic)
            {
                return OfSegment(file, segment);
            }
        }

        return null;
    }

    /// <summary>The value of a tag; of the last entry if there are several, as a loader takes it. O(entries).</summary>
    /// <param name="tag">The tag (d_tag).</param>
    public ulong? Find(ulong tag)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            (ulong found, ulong value) = this[i];
            if (found == tag)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>
    /// Where the bytes are that an address of an entry leads to. A loader may have replaced addresses by those in memory, or not: glibc's does
    /// so for most tables on most architectures, others and the vDSO leave them. The one that is in the image counts; if both are, the one
    /// whose first bytes are what they must be.
    /// </summary>
    /// <param name="pointer">The entry's value.</param>
    /// <param name="offset">Its position in the input.</param>
    /// <param name="available">How many bytes there are from it on in the same segment; of a loaded image at most 64 MiB.</param>
    /// <param name="zeros">How many bytes there are zero for sure: 1 in a table of names, an entry in one of symbols.</param>
    /// <returns>Whether the image has it.</returns>
    public bool TryLocate(ulong pointer, out ulong offset, out ulong available, int zeros = 0)
    {
        bool linked = _file.TryLocate(pointer, out offset, out available);
        available = _file.IsLoaded ? Math.Min(available, MostLoaded) : available;
        if (!_file.IsLoaded || _file.LoadBias == 0 || (linked && (zeros == 0 || IsZero(offset, available, zeros))))
        {
            return linked;
        }

        ulong before = pointer - _file.LoadBias;
        before = _file.Header.Class == ElfClass.Elf32 ? (uint)before : before;
        if (_file.TryLocate(before, out ulong moved, out ulong left) && (!linked || IsZero(moved, left, zeros)))
        {
            (offset, available) = (moved, Math.Min(left, MostLoaded));
            return true;
        }

        return linked;
    }

    internal static int EntrySize(ElfClass elfClass) => elfClass == ElfClass.Elf64 ? 16 : 8;

    private static ElfDynamicTable? OfSegment(ElfFile file, in ElfProgramHeader segment)
    {
        ulong offset = segment.Offset;
        ulong size = segment.FileSize;
        if (file.IsLoaded)
        {
            if (!file.TryLocate(segment.VirtualAddress, out offset, out ulong available))
            {
                file.Diagnostics.Add("DynamicNotLoaded",
                    $"PT_DYNAMIC is at 0x{segment.VirtualAddress:x}, where no segment is loaded; there are no dynamic entries without it.");
                return null;
            }

            size = Math.Min(segment.MemorySize, available);
        }
        else
        {
            // A file of debugging information keeps the headers of what isn't in it any more.
            foreach (ElfSectionHeader section in file.SectionHeaders)
            {
                if (section.Type == ElfSectionTypes.NoBits && section.Address == segment.VirtualAddress && section.Size == segment.MemorySize)
                {
                    return null;
                }
            }
        }

        return size == 0 ? null : new ElfDynamicTable(file, null, offset, file.Read(offset, size, () => "The dynamic segment"));
    }

    private ElfStrings ReadStrings()
    {
        if (Find(ElfDynamicTags.Strings) is { } address && TryLocate(address, out ulong offset, out ulong available, zeros: 1))
        {
            ulong size = Find(ElfDynamicTags.StringsSize) ?? available;
            if (size > available)
            {
                _file.Diagnostics.Add("DynamicStringsCut",
                    $"DT_STRSZ is 0x{size:x}, and only 0x{available:x} bytes follow DT_STRTAB at 0x{address:x} in its segment; those were read.", offset);
                size = available;
            }

            return new ElfStrings(_file.Read(offset, size, () => "The table of dynamic names"), _file.Diagnostics);
        }

        return _link is > 0 and { } section ? _file.Strings((int)Math.Min(section, int.MaxValue)) : ElfStrings.None;
    }

    private bool IsZero(ulong offset, ulong available, int count)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes = bytes[..Math.Min(count, bytes.Length)];
        if ((ulong)bytes.Length > available)
        {
            return false;
        }

        _file.Input.Read(offset, bytes);
        return !bytes.ContainsAnyExcept((byte)0);
    }
}
