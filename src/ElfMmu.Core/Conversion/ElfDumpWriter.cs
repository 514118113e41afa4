using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Conversion;

/// <summary>
/// Writes an ELF core of physical memory. Each stretch of memory is laid out beforehand, at an offset that agrees with its address modulo the
/// page size; where a part of it turns out to be damaged, its segment is cut in two and a hole stays between them in the file. p_vaddr is
/// p_paddr, as QEMU writes it and as a FOSSIL note asks for.
/// </summary>
/// <remarks>
/// Headers and notes are written at the end, to the room left for them at the start: only then it is known how many segments there are and
/// what the hashes are. If so much is damaged that the room is too small, the program headers go behind the data.
/// </remarks>
internal sealed class ElfDumpWriter : DumpWriter
{
    private const ulong PageSize = 4096;

    // Room for so many segments more, where memory may turn out to be damaged.
    private const ulong SpareHeaders = 1024;
    private const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    private readonly MemoryDump _dump;
    private readonly SparseFileWriter _writer;
    private readonly ZeroSkippingCopier _copier;
    private readonly PhysicalRegion[] _devices;
    private readonly bool _hasFossil;
    private readonly CoreTarget _target;
    private readonly MemoryPiece[] _extents;
    private readonly ulong[] _offsets;
    private readonly ulong _room;
    private readonly ulong _notesAt;
    private readonly int _notesSize;
    private readonly ulong _end;
    private ulong _headers;
    private int _extent;

    /// <summary>Lays the file out. O(runs).</summary>
    /// <param name="output">The file.</param>
    /// <param name="dump">The dump.</param>
    /// <param name="plain">Whether the FOSSIL note and devices are left out.</param>
    public ElfDumpWriter(OutputFile output, MemoryDump dump, bool plain)
    {
        _dump = dump;
        _writer = new SparseFileWriter(output.Stream.SafeFileHandle);
        _copier = new ZeroSkippingCopier(_writer);
        _hasFossil = !plain && FossilNoteWriter.IsNeeded(dump.Machine);
        _extents = [.. MemoryPiece.Of(dump.Memory)];

        // Other readers would take a segment without bytes for what is at its addresses, and those of RAM for nothing.
        _devices = _hasFossil ? [.. dump.Machine.Devices.Where(d => d.Size > 0 && !IsRam(d))] : [];
        _offsets = new ulong[_extents.Length];
        ulong spare = dump.Memory.Damage.Any() ? SpareHeaders : 0;
        int wordSize = WordSize(dump.Machine);
        bool isNarrow = wordSize == 32 && _extents.All(e => e.Last <= uint.MaxValue) && _devices.All(d => d.Last <= uint.MaxValue);
        foreach (ElfClass elfClass in isNarrow ? new[] { ElfClass.Elf32, ElfClass.Elf64 } : [ElfClass.Elf64])
        {
            _target = new CoreTarget(
                elfClass, dump.Machine.ByteOrder == ByteOrder.Big ? ElfData.BigEndian : ElfData.LittleEndian, MachineOf(dump.Machine.Architecture, wordSize));
            _notesSize = Notes().Length + ConversionLoss.MostBytes;
            _room = 1 + (ulong)_extents.Length + (ulong)_devices.Length + spare;
            _notesAt = (ulong)ElfEncoder.HeaderSize(elfClass) + (_room * (ulong)ElfEncoder.ProgramHeaderSize(elfClass));

            // Section 0 is needed where there are more segments than a header can count.
            ulong at = AlignUp(_notesAt + (ulong)_notesSize, 8) + (ulong)ElfEncoder.SectionHeaderSize(elfClass);
            at = AlignUp(at, PageSize);
            for (int i = 0; i < _extents.Length; i++)
            {
                at += (_extents[i].Start - at) & (PageSize - 1);
                _offsets[i] = at;
                at = Past(at, _extents[i].Size);
            }

            _end = at;

            // The headers may have to go behind the data.
            if (elfClass == ElfClass.Elf64 || _end + (spare == 0 ? 0 : uint.MaxValue / 16) <= uint.MaxValue)
            {
                break;
            }
        }
    }

    /// <summary>The class of the file.</summary>
    public ElfClass Class => _target.Class;

    /// <summary>Whether the machine is one of 32 bits whose core needs 64.</summary>
    public bool IsWidened => WordSize(_dump.Machine) == 32 && _target.Class == ElfClass.Elf64;

    /// <summary>The SHA-256 of the dump's file, to be set before <see cref="Finish"/>.</summary>
    public string SourceSha256 { get; set; } = NoHash;

    /// <summary>The SHA-256 of the memory, to be set before <see cref="Finish"/>.</summary>
    public string MemorySha256 { get; set; } = NoHash;

    /// <summary>What of the memory is lost, to be set before <see cref="Finish"/>; null for nothing.</summary>
    public ConversionLoss? Loss { get; set; }

    /// <inheritdoc/>
    public override ulong Written => _headers + _copier.Written;

    /// <inheritdoc/>
    public override ulong Finish()
    {
        byte[] notes = Notes();
        List<ElfProgramHeader> segments = Segments(notes);
        int entrySize = ElfEncoder.ProgramHeaderSize(_target.Class);
        bool fits = (ulong)segments.Count <= _room;
        ulong tableAt = fits ? (ulong)ElfEncoder.HeaderSize(_target.Class) : AlignUp(_end, 8);
        ulong length = fits ? _end : tableAt + ((ulong)segments.Count * (ulong)entrySize);
        var elf = new ElfLayout
        {
            Class = _target.Class,
            Data = _target.Data,
            Type = ElfType.Core,
            Machine = _target.Machine,
            Flags = _target.Flags,
            ProgramHeaderOffset = tableAt,
            ProgramHeaderCount = (ulong)segments.Count,
        };
        if (elf.NeedsSectionZero)
        {
            elf = elf with { SectionHeaderOffset = AlignUp(_notesAt + (ulong)_notesSize, 8), SectionHeaderCount = 1 };
        }

        byte[] header = new byte[ElfEncoder.HeaderSize(_target.Class)];
        ElfEncoder.WriteHeader(header, elf);
        Put(0, header);
        byte[] entry = new byte[entrySize];
        foreach (ElfProgramHeader segment in segments)
        {
            ElfEncoder.WriteProgramHeader(entry, _target.Class, _target.Data, segment);
            Put(tableAt, entry);
            tableAt += (ulong)entrySize;
        }

        Put(_notesAt, notes);
        if (elf.NeedsSectionZero)
        {
            byte[] section = new byte[ElfEncoder.SectionHeaderSize(_target.Class)];
            ElfEncoder.WriteSectionZero(section, elf);
            Put(elf.SectionHeaderOffset, section);
        }

        _writer.Finish(length);
        return length;

        void Put(ulong offset, byte[] bytes)
        {
            _writer.Write(offset, bytes);
            _headers += (ulong)bytes.Length;
        }
    }

    /// <inheritdoc/>
    protected override void Put(ulong address, ReadOnlySpan<byte> bytes)
    {
        while (address > _extents[_extent].Last)
        {
            _extent++;
        }

        _copier.Copy(_offsets[_extent] + (address - _extents[_extent].Start), bytes);
    }

    private List<ElfProgramHeader> Segments(byte[] notes)
    {
        var segments = new List<ElfProgramHeader>(Pieces.Count + _devices.Length + 1)
        {
            new()
            {
                Type = ElfSegmentType.Note,
                Flags = ElfSegmentFlags.Read,
                Offset = _notesAt,
                FileSize = (ulong)notes.Length,
                MemorySize = (ulong)notes.Length,
                Alignment = 4,
            },
        };
        int extent = 0;
        foreach (MemoryPiece piece in Pieces)
        {
            while (piece.Start > _extents[extent].Last)
            {
                extent++;
            }

            segments.Add(new ElfProgramHeader
            {
                Type = ElfSegmentType.Load,
                Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Write | ElfSegmentFlags.Execute,
                Offset = _offsets[extent] + (piece.Start - _extents[extent].Start),
                VirtualAddress = piece.Start,
                PhysicalAddress = piece.Start,
                FileSize = piece.Size,
                MemorySize = piece.Size,
                Alignment = PageSize,
            });
        }

        foreach (PhysicalRegion device in _devices)
        {
            segments.Add(new ElfProgramHeader
            {
                Type = ElfSegmentType.Load,
                Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Write,
                VirtualAddress = device.Start,
                PhysicalAddress = device.Start,
                MemorySize = device.Size,
                Alignment = 1,
            });
        }

        return segments;
    }

    /// <summary>Whether a device claims addresses of RAM. O(log runs).</summary>
    private bool IsRam(in PhysicalRegion device)
    {
        int low = 0;
        for (int high = _extents.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _extents[middle].Last < device.Start ? (middle + 1, high) : (low, middle);
        }

        return low < _extents.Length && _extents[low].Start <= device.Last;
    }

    private byte[] Notes() => MachineNotes.Build(_dump, _target, _hasFossil ? _devices : null, SourceSha256, MemorySha256, Loss);

    /// <summary>The word size, from the mode where nothing else says it.</summary>
    private static int WordSize(Machine machine) => machine.WordSize
        ?? (machine.Mode is { } mode && PagingModes.Named(mode) is [var named, ..] ? (int?)named.WordSize : null)
        ?? (machine.Architecture is Architecture.Arm or Architecture.PowerPC or Architecture.Mips ? 32 : 64);

    private static ElfMachine MachineOf(Architecture architecture, int wordSize) => (architecture, wordSize) switch
    {
        (Architecture.X86, 64) => ElfMachine.X86_64,
        (Architecture.X86, _) => ElfMachine.I386,
        (Architecture.Arm, _) => ElfMachine.Arm,
        (Architecture.AArch64, _) => ElfMachine.AArch64,
        (Architecture.RiscV, _) => ElfMachine.RiscV,
        (Architecture.PowerPC, 64) => ElfMachine.PowerPC64,
        (Architecture.PowerPC, _) => ElfMachine.PowerPC,
        (Architecture.Mips, _) => ElfMachine.Mips,
        _ => ElfMachine.None,
    };

    /// <summary>No file can be longer; a memory that a container claims may be.</summary>
    private static ulong Past(ulong offset, ulong size) => size <= long.MaxValue - offset
        ? offset + size
        : throw new ElfMmuException(
            "OutputTooLarge", ErrorKind.LimitsExceeded, "The memory is larger than any file can be. Check the dump; its headers may be wrong.");

    private static ulong AlignUp(ulong value, ulong alignment) => (value + alignment - 1) & ~(alignment - 1);
}
