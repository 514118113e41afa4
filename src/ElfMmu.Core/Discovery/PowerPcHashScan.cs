using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>
/// Takes the statistics of all whole 64 KiB blocks that hash tables can be in: below 4 GiB, as HTABORG has 16 bits. 30 bytes of memory
/// for each block of addresses, up to 2 MiB; of a block that is no table and not empty a few hundred bytes are read.
/// </summary>
internal sealed unsafe class PowerPcHashScan : IFrameObserver
{
    private const ulong AddressLimit = 1UL << 32;

    private readonly PowerPcHashBlock[] _blocks;
    private readonly PowerPcHashScanner _scanner;

    /// <summary>Makes room for the statistics.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="order">The byte order of the tables.</param>
    public PowerPcHashScan(PhysicalMemory memory, ByteOrder order)
    {
        // What is cut by the limit ends at it.
        ulong end = memory.Runs.Where(r => r.Start < AddressLimit).Select(r => Math.Min(r.Last, AddressLimit - 1) + 1).DefaultIfEmpty().Max();
        _blocks = new PowerPcHashBlock[(end + (PowerPcPteFormat.BlockSize - 1)) >> PowerPcPteFormat.BlockShift];
        Format = new PowerPcPteFormat(order);
        _scanner = new PowerPcHashScanner(Format);
    }

    /// <summary>The byte order.</summary>
    public PowerPcPteFormat Format { get; }

    /// <summary>
    /// The statistics, by the physical address in blocks; one that wasn't looked at, because it is empty or its bytes aren't in one run,
    /// is as one that is no table.
    /// </summary>
    public PowerPcHashBlock[] Blocks => _blocks;

    /// <inheritdoc/>
    public int AlignmentShift => PowerPcPteFormat.BlockShift;

    /// <inheritdoc/>
    public void Look(byte* bytes, ulong address, ulong index, int count, ulong whole, ulong zeros)
    {
        ulong position = (PowerPcPteFormat.BlockSize - (address & (PowerPcPteFormat.BlockSize - 1))) & (PowerPcPteFormat.BlockSize - 1);
        ulong end = (ulong)count << TableScan.FrameShift;
        for (; position < end && whole - position >= PowerPcPteFormat.BlockSize; position += PowerPcPteFormat.BlockSize)
        {
            ulong number = (address + position) >> PowerPcPteFormat.BlockShift;
            if (number >= (ulong)_blocks.Length)
            {
                return;
            }

            _blocks[number] = _scanner.Scan(bytes + position, (uint)number, zeros >> (int)(position >> TableScan.FrameShift));
        }
    }

    /// <summary>Takes the statistics of a block that <see cref="Look"/> had no whole bytes of.</summary>
    public void LookAt(byte* block, uint number) => _blocks[number] = _scanner.Scan(block, number, 0);
}
