using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Windows;

/// <summary>Reads a kernel's memory by virtual address; for one thread, and while the dump is open.</summary>
internal sealed class KernelMemory
{
    private const int PageSize = 4096;

    private readonly MemoryDump _dump;
    private readonly AddressTranslator _translator;

    private KernelMemory(MemoryDump dump, AddressTranslator translator)
    {
        _dump = dump;
        _translator = translator;
    }

    /// <summary>Opens the memory that a processor sees.</summary>
    /// <returns>Null where its root isn't known, or leads to no tables of the mode.</returns>
    public static KernelMemory? Open(MemoryDump dump, PagingMode mode, Cpu cpu)
    {
        if (mode.RootRegister.In(cpu.Registers) is not { } root)
        {
            return null;
        }

        var options = new PagingOptions
        {
            PhysicalAddressBits = dump.Machine.PhysicalAddressBits,
            IgnoredAddressBits = dump.Machine.EncryptionMask,
            ByteOrder = dump.Machine.ByteOrder,
            Registers = cpu.Registers,
        };
        try
        {
            return new KernelMemory(dump, mode.NewTranslator(new WalkRequest
            {
                Memory = dump.Memory,
                Map = dump.Map,
                Root = mode.DecodeRegister(root, options),
                Options = options,
            }));
        }
        catch (ElfMmuException)
        {
            // The root isn't in the dump, or registers contradict the mode. There is just nothing to be found then.
            return null;
        }
    }

    /// <summary>Reads bytes that may cross pages. O(pages).</summary>
    /// <returns>False where any of them isn't mapped, or not in the dump.</returns>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int part = Math.Min(PageSize - (int)(address % PageSize), destination.Length);
            Translation translation = _translator.Translate(address);
            if (!translation.IsMapped || !_dump.Memory.TryRead(translation.PhysicalAddress, destination[..part]))
            {
                return false;
            }

            address += (ulong)part;
            destination = destination[part..];
        }

        return true;
    }

    /// <summary>Reads a pointer; null where it can't be read.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="size">Its bytes, 4 or 8.</param>
    public ulong? Pointer(ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        return TryRead(address, bytes[..size]) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : null;
    }
}
