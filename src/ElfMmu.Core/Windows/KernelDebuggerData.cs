using System.Buffers.Binary;
using ElfMmu.Dumps;

namespace ElfMmu.Windows;

/// <summary>
/// The block in which a Windows kernel tells debuggers where its structures are (KDDEBUGGER_DATA64, tag <c>KDBG</c>); its pointers have 64 bits
/// on every machine. A running kernel may keep it encoded, and then there is nothing to be had from it.
/// </summary>
/// <remarks>wdbgexts.h of the Windows SDK.</remarks>
internal sealed class KernelDebuggerData
{
    private const int HeaderSize = 0x18;
    private const int TagAt = 0x10;
    private const int SizeAt = 0x14;
    private const int ProcessorBlockAt = 0x218;
    private const int StateContextAt = 0x2bc;
    private const int StateSpecialAt = 0x2f2;
    private const int ContextPointerAt = 0x338;
    private const int LargestSize = 0x2000;

    // Windows has no more processors than that, and a damaged count none at all.
    private const uint MostProcessors = 2048;

    private readonly KernelMemory _memory;
    private readonly byte[] _bytes;

    private KernelDebuggerData(KernelMemory memory, byte[] bytes)
    {
        _memory = memory;
        _bytes = bytes;
    }

    /// <summary>Reads the block.</summary>
    /// <returns>Null where it isn't there, or encoded.</returns>
    public static KernelDebuggerData? Read(KernelMemory memory, ulong address)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!memory.TryRead(address, header) || !header[TagAt..].StartsWith("KDBG"u8))
        {
            return null;
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[SizeAt..]);
        if (size is < ProcessorBlockAt + 8 or > LargestSize)
        {
            return null;
        }

        byte[] bytes = new byte[Math.Min(size, ContextPointerAt + 2)];
        return memory.TryRead(address, bytes) ? new KernelDebuggerData(memory, bytes) : null;
    }

    /// <summary>The processors of which anything can be read, by number. O(processors).</summary>
    /// <param name="windows">What the dump's header says of the machine.</param>
    public IReadOnlyList<Cpu> Processors(WindowsDump windows)
    {
        int pointerSize = windows.IsWide ? 8 : 4;
        ulong block = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(ProcessorBlockAt));
        if (!windows.IsWide)
        {
            // The pointers of narrow machines are sign-extended.
            block = (uint)block;
        }

        var cpus = new List<Cpu>();
        for (uint i = 0; i < Math.Min(windows.Processors, MostProcessors); i++)
        {
            if (_memory.Pointer(block + (i * (ulong)pointerSize), pointerSize) is not (> 0 and var control))
            {
                // The block has no gaps.
                break;
            }

            Dictionary<string, ulong> registers = Registers(windows, control, pointerSize);
            if (registers.Count > 0)
            {
                cpus.Add(new Cpu((int)i, registers));
            }
        }

        return cpus;
    }

    /// <summary>The registers of the processor with a control block (KPRCB).</summary>
    private Dictionary<string, ulong> Registers(WindowsDump windows, ulong control, int pointerSize)
    {
        var registers = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        int special = Offset(StateSpecialAt);
        if (special != 0 && SpecialRegisters.For(windows.MachineType) is { } layout)
        {
            byte[] bytes = new byte[layout.Size];
            if (_memory.TryRead(control + (ulong)special, bytes))
            {
                layout.Read(bytes, registers);
            }
        }

        // Where the crash saved the context, and where the processor's state is kept otherwise.
        int pointer = Offset(ContextPointerAt);
        int kept = Offset(StateContextAt);
        if ((pointer == 0 || _memory.Pointer(control + (ulong)pointer, pointerSize) is not (> 0 and var saved) || !Context(windows, saved, registers))
            && kept != 0)
        {
            Context(windows, control + (ulong)kept, registers);
        }

        return registers;
    }

    private bool Context(WindowsDump windows, ulong address, Dictionary<string, ulong> registers)
    {
        if (WindowsContext.For(windows.MachineType) is not { } layout)
        {
            return false;
        }

        byte[] bytes = new byte[layout.Size];
        if (!_memory.TryRead(address, bytes))
        {
            return false;
        }

        Dictionary<string, ulong> read = layout.Read(bytes);
        foreach ((string name, ulong value) in read)
        {
            registers[name] = value;
        }

        return read.Count > 0;
    }

    /// <summary>An offset within the control block; 0 where the kernel is too old to name it.</summary>
    private int Offset(int at) => at + 2 <= _bytes.Length ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at)) : 0;
}
