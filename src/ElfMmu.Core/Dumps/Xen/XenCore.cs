using System.Buffers.Binary;
using System.Text;
using ElfMmu.Elf;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The core of a Xen domain as <c>xl dump-core</c> writes it: an ELF core without program headers, whose sections hold the pages and the number
/// of each page's frame. The pages are read in place.
/// </summary>
/// <remarks>
/// Xen, docs/misc/dump-core-format.txt and tools/libs/ctrl/xc_core.h. A fully virtualised domain has <c>.xen_pfn</c>: the numbers are those that its
/// page tables hold. A paravirtualised one has <c>.xen_p2m</c>, a pair of its own number (pfn) and the machine's (gmfn): its page tables hold the
/// machine's, so that is where the pages are placed.
/// </remarks>
internal sealed class XenCore
{
    private const string Pages = ".xen_pages";
    private const string Frames = ".xen_pfn";
    private const string FramePairs = ".xen_p2m";
    private const string Processors = ".xen_prstatus";
    private const string NoteSection = ".note.Xen";

    // Nobody has more; it bounds what is read of a damaged table.
    private const ulong MostSections = 256;
    private const ulong MostNames = 1 << 16;
    private const int ChunkSize = 1 << 20;

    // 52 bits of physical address are the most that x86 has; all ones stand for no frame, in 32 or 64 bits.
    private const ulong MostFrames = 1UL << 40;
    private const ulong NoFrame32 = uint.MaxValue;

    private readonly ElfReader _elf;
    private readonly DataSource _source;
    private readonly Dictionary<string, ElfSectionHeader> _sections;

    private XenCore(ElfReader elf, DataSource source, Dictionary<string, ElfSectionHeader> sections)
    {
        _elf = elf;
        _source = source;
        _sections = sections;
    }

    /// <summary>Recognises one by its sections; null for another ELF file. O(sections), of which 256 are read.</summary>
    public static XenCore? Find(ElfReader elf, DataSource source)
    {
        ElfHeader header = elf.Header;
        if (header.ProgramHeaderCount != 0 || header.Class != ElfClass.Elf64 || header.SectionHeaderCount is 0 or > MostSections
            || header.SectionNameIndex >= header.SectionHeaderCount)
        {
            return null;
        }

        try
        {
            byte[] names = Names(elf, source);
            if (names.Length == 0 && header.Type == ElfType.Core)
            {
                throw new ElfMmuException(
                    "DumpTruncated",
                    ErrorKind.InvalidData,
                    $"'{source.Name}' is a core of sections, such as Xen writes, but ends at 0x{source.Length:x}, before their names and before the table "
                    + "that says where the pages belong. It is cut off; get a complete copy.")
                { Path = source.Name, Offset = source.Length };
            }

            var sections = new Dictionary<string, ElfSectionHeader>(StringComparer.Ordinal);
            for (ulong i = 1; i < header.SectionHeaderCount; i++)
            {
                ElfSectionHeader section = elf.ReadSectionHeader(i);
                if (section.NameOffset < (uint)names.Length)
                {
                    ReadOnlySpan<byte> name = names.AsSpan((int)section.NameOffset);
                    int end = name.IndexOf((byte)0);
                    sections.TryAdd(Encoding.Latin1.GetString(end < 0 ? name : name[..end]), section);
                }
            }

            return sections.Keys.Any(k => k is Pages or Frames or FramePairs or Processors) ? new XenCore(elf, source, sections) : null;
        }
        catch (ElfMmuException e) when (e.ErrorId == "ElfTruncated")
        {
            // The tables of a file that is cut off; what it is can't be told.
            return null;
        }
    }

    /// <summary>Reads it. O(pages) time, O(runs) memory.</summary>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c>, <c>DumpTruncated</c>, <c>DumpUnsupported</c>.</exception>
    public DumpContent Read(DumpOpening opening)
    {
        var warnings = new List<string>();
        XenNotes notes = ReadNotes(warnings);
        if (_elf.Header.Data != ElfData.LittleEndian)
        {
            throw new ElfMmuException(
                "DumpUnsupported",
                ErrorKind.NotSupported,
                $"'{_source.Name}' is the core of a Xen domain on a big-endian machine, which Xen doesn't run on any more.")
            { Path = _source.Name };
        }

        ulong pageSize = notes.PageSize ?? 4096;
        if (pageSize is < 4096 or > 65536 || (pageSize & (pageSize - 1)) != 0)
        {
            throw Inconsistent($"its header says that a page has {pageSize} bytes");
        }

        if (!_sections.TryGetValue(Pages, out ElfSectionHeader pages))
        {
            throw Inconsistent($"it has no section '{Pages}'");
        }

        bool isPara = _sections.TryGetValue(FramePairs, out ElfSectionHeader table);
        if (!isPara && !_sections.TryGetValue(Frames, out table))
        {
            throw Inconsistent($"it has neither a section '{Frames}' nor '{FramePairs}', which say where the pages belong");
        }

        IReadOnlyList<PhysicalRun> runs = Place(pages, table, isPara, pageSize, opening, warnings, out ulong missing);
        IReadOnlyList<Cpu> cpus = ReadCpus(notes, isPara, warnings, out int? wordSize);
        Architecture architecture = ElfDumpReader.ArchitectureOf(_elf.Header.Machine);
        bool isX86 = architecture == Architecture.X86;
        wordSize ??= isX86 ? X86WordSize.Of(cpus, runs) : ElfDumpReader.WordSizeOf(_elf.Header);
        var content = new DumpContent
        {
            Container = isPara ? "Xen core of a paravirtualised domain" : "Xen core of a domain",
            Runs = runs,
            Machine = new Machine
            {
                Architecture = architecture,
                WordSize = wordSize,

                // Under Xen paging is on from the start, whatever the control registers that the domain sees.
                Mode = isPara && isX86 ? wordSize == 32 ? "pae" : "ia32e" : null,
                Cpus = cpus,
            },
            Facts = notes.Facts(isPara),
            MissingSize = missing,
        };
        content.Remarks.Add($"'{_source.Name}' is a {content.Container}: {Plural.Of(runs.Count, "run")} of memory, {Plural.Of(cpus.Count, "processor")}."
            + (isPara ? " Physical addresses are the machine's, which the domain's page tables hold, and not those that its kernel counts by." : ""));
        content.Warnings.AddRange(warnings);
        return content;
    }

    private static byte[] Names(ElfReader elf, DataSource source)
    {
        ElfSectionHeader section = elf.ReadSectionHeader(elf.Header.SectionNameIndex);
        ulong held = section.Offset < source.Length ? Math.Min(source.Length - section.Offset, section.Size) : 0;
        byte[] names = new byte[Math.Min(held, MostNames)];
        source.Read(section.Offset < source.Length ? section.Offset : 0, names);
        return names;
    }

    private IReadOnlyList<PhysicalRun> Place(
        in ElfSectionHeader pages, in ElfSectionHeader table, bool isPara, ulong pageSize, DumpOpening opening, List<string> warnings, out ulong missing)
    {
        missing = 0;
        ulong entrySize = isPara ? 16UL : 8;
        ulong count = Math.Min(pages.Size / pageSize, table.Size / entrySize);
        ulong held = table.Offset < _source.Length ? (_source.Length - table.Offset) / entrySize : 0;
        if (held == 0 && count > 0)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"The table of frames of '{_source.Name}' would stand at 0x{table.Offset:x}, behind the pages, but the file ends at 0x{_source.Length:x}. "
                + "Without it nothing says where the pages belong; get a complete copy.")
            { Path = _source.Name, Offset = table.Offset };
        }

        if (held < count)
        {
            missing = (count - held) * pageSize;
            warnings.Add($"The table of frames of '{_source.Name}' is cut off: nothing says where {count - held} of {count} pages belong, and they aren't there.");
            count = held;
        }

        if (count == 0 || pages.Offset > long.MaxValue - pages.Size)
        {
            throw Inconsistent("it has no pages");
        }

        var runs = new PlacedRuns(_source, opening.ZeroFill);
        ulong odd = 0;
        byte[] chunk = new byte[(int)Math.Min(count * entrySize, ChunkSize)];
        for (ulong done = 0; done < count;)
        {
            opening.Cancellation.ThrowIfCancellationRequested();
            int part = (int)Math.Min(count - done, (ulong)chunk.Length / entrySize);
            ReadOnlySpan<byte> bytes = chunk.AsSpan(0, part * (int)entrySize);
            _source.Read(table.Offset + (done * entrySize), chunk.AsSpan(0, bytes.Length));
            for (int i = 0; i < part; i++, done++)
            {
                int at = i * (int)entrySize;
                ulong frame = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(isPara ? at + 8 : at)..]);
                if (frame is ulong.MaxValue or NoFrame32)
                {
                    // A slot without a page: there were fewer than Xen had counted when it began.
                    continue;
                }

                if (frame >= MostFrames)
                {
                    odd++;
                    continue;
                }

                runs.Add(frame * pageSize, pageSize, pages.Offset + (done * pageSize));
            }
        }

        if (odd > 0)
        {
            warnings.Add($"{odd} pages of '{_source.Name}' have frame numbers beyond any physical address, and are left out.");
        }

        IReadOnlyList<PhysicalRun> placed = runs.Finish(warnings);
        missing += runs.MissingSize;
        return placed.Count > 0 ? placed : throw Inconsistent("none of its pages has a frame");
    }

    private IReadOnlyList<Cpu> ReadCpus(XenNotes notes, bool isPara, List<string> warnings, out int? wordSize)
    {
        wordSize = null;
        if (!_sections.TryGetValue(Processors, out ElfSectionHeader section))
        {
            return [];
        }

        ulong held = section.Offset < _source.Length ? Math.Min(_source.Length - section.Offset, section.Size) : 0;
        byte[] bytes = new byte[Math.Min(held, XenVcpu.MostBytes)];
        _source.Read(section.Offset < _source.Length ? section.Offset : 0, bytes);
        return XenVcpu.Read(bytes, notes.VcpuCount, section.Size, _elf.Header.Machine, isPara, warnings, out wordSize);
    }

    private XenNotes ReadNotes(List<string> warnings)
    {
        var notes = new XenNotes();
        if (_sections.TryGetValue(NoteSection, out ElfSectionHeader section))
        {
            try
            {
                var segment = new ElfProgramHeader { Type = ElfSegmentType.Note, Offset = section.Offset, FileSize = section.Size };
                foreach (ElfNote note in _elf.EnumerateNotes(segment).Where(n => n.Name == XenNotes.Name))
                {
                    notes.Add(note);
                }
            }
            catch (ElfMmuException e)
            {
                warnings.Add($"The notes are damaged, and the rest of them is left out: {e.Message}");
            }
        }

        return notes;
    }

    private ElfMmuException Inconsistent(string what) => new(
        "DumpInconsistent",
        ErrorKind.InvalidData,
        $"'{_source.Name}' is the core of a Xen domain, but {what}. It is damaged; get another copy.")
    { Path = _source.Name };
}
