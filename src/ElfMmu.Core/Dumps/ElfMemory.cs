using ElfMmu.Elf;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>The segments of an ELF core as runs of physical memory, as far as the file has them.</summary>
/// <param name="source">The file.</param>
/// <param name="header">Its header.</param>
/// <param name="isFossil">Whether physical addresses are in p_vaddr.</param>
/// <param name="hasDevices">Whether segments without bytes are devices.</param>
/// <param name="zeroFill">Whether what the file doesn't have is read as zeros.</param>
internal sealed class ElfMemory(DataSource source, ElfHeader header, bool isFossil, bool hasDevices, bool zeroFill)
{
    private const uint IncompleteFlag = 1;

    // Who walks or searches memory keeps a bit or more for each frame of it, so that headers alone can't make it as large as they like.
    private const ulong MostZeros = 256UL << 30;
    private const ulong MostZerosPerByte = 64;

    private ulong _zerosLeft = MostZeros + (Math.Min(source.Length, 1UL << 56) * MostZerosPerByte);
    private ulong _notFilled;
    private readonly ZeroDataSource _zeros = new(source.Name);
    private ulong _withoutAddress;
    private ulong _cut;
    private ulong _cutBytes;
    private ElfProgramHeader _firstCut;
    private ulong _short;
    private ulong _shortBytes;
    private ulong _firstShort;

    /// <summary>The runs that have bytes, in the order of the headers.</summary>
    public List<PhysicalRun> Runs { get; } = [];

    /// <summary>Runs of zeros, where they were asked for.</summary>
    public List<PhysicalRun> Zeros { get; } = [];

    /// <summary>The devices.</summary>
    public List<PhysicalRegion> Devices { get; } = [];

    /// <summary>Whether a segment isn't wholly in the file.</summary>
    public bool IsCut => _cut > 0;

    /// <summary>How many bytes of the segments the file doesn't have.</summary>
    public ulong MissingSize => _cutBytes;

    /// <summary>How many bytes of RAM its segments have beyond what is in the file.</summary>
    public ulong LeftOutSize => _shortBytes;

    /// <summary>Adds a segment.</summary>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c>: it contradicts itself.</exception>
    public void Add(in ElfProgramHeader load, int index)
    {
        ulong address = isFossil ? load.VirtualAddress : load.PhysicalAddress;
        if (load.FileSize == 0)
        {
            // A device can't go on behind the end of the address space.
            if (hasDevices && load.MemorySize > 0 && load.MemorySize - 1 <= ulong.MaxValue - address)
            {
                Devices.Add(new PhysicalRegion(address, load.MemorySize));
            }

            return;
        }

        Check(load, index, address);
        if (!isFossil && address == Unknown)
        {
            _withoutAddress++;
            return;
        }

        ulong there = load.Offset >= source.Length ? 0 : Math.Min(load.FileSize, source.Length - load.Offset);
        if (there > 0)
        {
            Runs.Add(new PhysicalRun(address, there, source, load.Offset));
        }

        if (there < load.FileSize)
        {
            _firstCut = _cut++ == 0 ? load : _firstCut;
            _cutBytes += load.FileSize - there;
        }

        // What makedumpfile leaves out at the end of a segment is in its size in memory alone.
        ulong memory = load.FileSize;
        if (!isFossil && load.MemorySize > load.FileSize && load.MemorySize - 1 <= Top - address)
        {
            _firstShort = _short++ == 0 ? address + load.FileSize : _firstShort;
            _shortBytes += load.MemorySize - load.FileSize;
            memory = load.MemorySize;
        }

        if (!zeroFill || memory == there)
        {
            return;
        }

        if (memory - there > _zerosLeft)
        {
            _notFilled += memory - there;
        }
        else
        {
            _zerosLeft -= memory - there;
            Zeros.Add(new PhysicalRun(address + there, memory - there, _zeros, address + there));
        }
    }

    /// <summary>What is missing, for the warning stream.</summary>
    public IEnumerable<string> Warnings()
    {
        string fate = zeroFill ? "read as zeros, as asked for" : "absent";
        if (_withoutAddress > 0)
        {
            yield return $"{Plural.Of(_withoutAddress, "segment")} of '{source.Name}' without a physical address left out.";
        }

        if (_cut > 0)
        {
            ulong address = isFossil ? _firstCut.VirtualAddress : _firstCut.PhysicalAddress;
            ulong there = _firstCut.Offset >= source.Length ? 0 : source.Length - _firstCut.Offset;
            yield return $"'{source.Name}' is cut off at 0x{source.Length:x}, or its headers are wrong. Not wholly in it: {Plural.Of(_cut, "LOAD segment")}, the first from "
                + $"physical 0x{address + there:x} (offset 0x{_firstCut.Offset + there:x}) on. The {_cutBytes} bytes missing are {fate}.";
        }

        if (_short > 0)
        {
            yield return $"Longer in memory than in the file '{source.Name}': {Plural.Of(_short, "LOAD segment")}, the first from physical 0x{_firstShort:x} on. "
                + $"{_shortBytes} bytes of RAM were left out when it was made. They are {fate}.";
        }

        if (_notFilled > 0)
        {
            yield return $"{_notFilled} of these bytes are absent all the same: that is out of all proportion to the {source.Length} bytes of the file.";
        }

        if ((header.Flags & IncompleteFlag) != 0 && header.Machine is ElfMachine.X86_64 or ElfMachine.I386 or ElfMachine.AArch64)
        {
            yield return $"'{source.Name}' says of itself that it is incomplete: whoever wrote it ran out of room.";
        }
    }

    /// <summary>A p_paddr of all ones says that the physical address isn't known, as in /proc/kcore.</summary>
    private ulong Unknown => Top;

    private ulong Top => header.Class == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;

    private void Check(in ElfProgramHeader load, int index, ulong address)
    {
        if (load.FileSize > load.MemorySize || (load.FileSize - 1 > Top - address && address != Unknown))
        {
            throw new ElfMmuException(
                "DumpInconsistent",
                ErrorKind.InvalidData,
                $"LOAD segment {index} of '{source.Name}' contradicts itself: address 0x{address:x}, 0x{load.FileSize:x} bytes in the "
                + $"file, 0x{load.MemorySize:x} in memory. The dump is damaged.")
            { Path = source.Name };
        }
    }
}
