using System.Buffers.Binary;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>
/// The memory of a machine with what a Windows kernel keeps of its processors: page tables, debugger data (KDDEBUGGER_DATA64), KiProcessorBlock, and
/// for each processor a control block (KPRCB) with special registers and a context. Laid out from the public definitions.
/// </summary>
internal sealed class WindowsKernel
{
    public const ulong Base = 0xffff_f800_0000_0000;
    public const ulong NarrowBase = 0x8000_0000;
    public const int SpecialAt = 0x100;
    public const int ContextAt = 0x500;
    public const int ContextPointerAt = 0x40;

    private const int PageCount = 64;
    private const int DataAt = 8;
    private const int BlockAt = 10;
    private const int FirstControl = 12;

    public WindowsKernel(string mode, int processors)
    {
        Mode = mode;
        Wide = mode != "ia32";
        switch (mode)
        {
            case "ia32":
                // A page of 4 MiB.
                Put32((1 * 4096) + (4 * 0x200), 0xe3);
                break;
            case "aarch64-4k":
                Put64((1 * 4096) + 0x800 + (8 * 0xf0), 0x3003);
                Put64(3 * 4096, 0x4003);
                Put64(4 * 4096, 0x5003);
                for (int i = 0; i < PageCount; i++)
                {
                    Put64((5 * 4096) + (8 * i), ((ulong)i << 12) | 0x0060_0000_0000_0703);
                }

                break;
            default:
                Put64((1 * 4096) + (8 * 0x1f0), 0x3023);
                Put64((2 * 4096) + (8 * 0x1f0), 0x3023);
                Put64(3 * 4096, 0x4023);
                Put64(4 * 4096, 0x5023);
                for (int i = 0; i < PageCount; i++)
                {
                    // The page behind the debugger data's first one is somewhere else.
                    ulong page = i == DataAt + 1 ? 40 : i == 40 ? DataAt + 1 : (ulong)i;
                    Put64((5 * 4096) + (8 * i), (page << 12) | 0x63);
                }

                if (mode == "la57")
                {
                    // Both tables again below a fifth level.
                    Put64((6 * 4096) + (8 * 0x1ff), 0x1023);
                    Put64((7 * 4096) + (8 * 0x1ff), 0x2023);
                }

                break;
        }

        Put64(Data + 0x18, Address(0));
        "KDBG"u8.CopyTo(Memory.AsSpan(At(Data + 0x10)));
        Put32(At(Data + 0x14), 0x380);
        Put64(Data + 0x218, Address(BlockAt * 4096));
        Put16(Data + 0x2bc, ContextAt);
        Put16(Data + 0x2f2, SpecialAt);
        Put16(Data + 0x338, ContextPointerAt);
        for (int i = 0; i < processors; i++)
        {
            Pointer((BlockAt * 4096) + (i * (Wide ? 8 : 4)), Address(Control(i)));
        }
    }

    /// <summary>The mode of the tables.</summary>
    public string Mode { get; }

    public bool Wide { get; }

    public byte[] Memory { get; } = new byte[PageCount * 4096];

    /// <summary>The table of the first processor; the second's is the page behind it.</summary>
    public ulong Root => Mode == "la57" ? 0x6000UL : 0x1000;

    /// <summary>Where the debugger data stands in the pages as they are mapped: across the border of two.</summary>
    public static int Data => (DataAt * 4096) + 0xf00;

    /// <summary>The control block of a processor.</summary>
    public static int Control(int processor) => (FirstControl + (2 * processor)) * 4096;

    /// <summary>The virtual address of what stands at an offset in the pages as they are mapped.</summary>
    public ulong Address(int at) => Wide ? Base + (ulong)at : 0xffff_ffff_0000_0000 | (NarrowBase + (ulong)at);

    public void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Memory.AsSpan(At(at)), value);

    public void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Memory.AsSpan(at), value);

    public void Put64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Memory.AsSpan(At(at)), value);

    public void Pointer(int at, ulong value)
    {
        if (Wide)
        {
            Put64(at, value);
        }
        else
        {
            Put32(at, (uint)value);
        }
    }

    /// <summary>Gives a processor special registers and a context in its control block.</summary>
    public void Save(int processor, ulong cr3, byte[] context)
    {
        int control = Control(processor);
        Put64(control + SpecialAt, 0x8005_0033);
        Put64(control + SpecialAt + 8, 0xdead_0000);
        Put64(control + SpecialAt + 0x10, cr3);
        Put64(control + SpecialAt + 0x18, Mode == "la57" ? 0x37_16f8UL : 0x37_06f8);
        Put64(control + SpecialAt + 0x58, 0xffff_f800_0000_1000);
        Put16(control + SpecialAt + 0x70, 0x40);
        context.CopyTo(Memory.AsSpan(control + ContextAt));
    }

    /// <summary>Says that the crash saved a context elsewhere.</summary>
    public void SaveElsewhere(int processor, int at, byte[] context)
    {
        Pointer(Control(processor) + ContextPointerAt, Address(at));
        context.CopyTo(Memory.AsSpan(At(at)));
    }

    /// <summary>A dump of it.</summary>
    public WindowsDumpFile Dump(uint processors) => new()
    {
        Wide = Wide,
        Machine = Mode == "aarch64-4k" ? (ushort)0xaa64 : Wide ? (ushort)0x8664 : (ushort)0x14c,
        Root = Root,
        Processors = processors,
        DebuggerData = Address(Data),
        KernelPointer = Address(0x2000),
        Runs = [(0, Memory)],
    };

    /// <summary>Where a byte of the pages as they are mapped is in memory.</summary>
    private int At(int at) => Mode is not ("ia32e" or "la57") ? at : (at / 4096) switch
    {
        DataAt + 1 => (40 * 4096) + (at % 4096),
        40 => ((DataAt + 1) * 4096) + (at % 4096),
        _ => at,
    };
}
