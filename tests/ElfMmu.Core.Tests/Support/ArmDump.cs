using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Tests.Support;

/// <summary>512 KiB of RAM from address 0 on for tables of a test's own making, and the registers of an ARM processor.</summary>
internal sealed class ArmDump(string architecture, bool bigEndianTables = false) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _bytes = new byte[512 << 10];
    private readonly List<MemoryDump> _opened = [];

    /// <summary>Puts a descriptor of 8 bytes into a table.</summary>
    public void Put64(ulong table, int index, ulong entry)
    {
        Span<byte> place = _bytes.AsSpan((int)table + (index * 8));
        BinaryPrimitives.WriteUInt64LittleEndian(place, bigEndianTables ? BinaryPrimitives.ReverseEndianness(entry) : entry);
    }

    /// <summary>Puts a descriptor of 4 bytes into a table.</summary>
    public void Put32(ulong table, int index, uint entry)
    {
        Span<byte> place = _bytes.AsSpan((int)table + (index * 4));
        BinaryPrimitives.WriteUInt32LittleEndian(place, bigEndianTables ? BinaryPrimitives.ReverseEndianness(entry) : entry);
    }

    /// <summary>Opens the space of a request, in a machine whose registers are known.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="mode">The mode that the machine's description names; null for none.</param>
    /// <param name="registers">The processor's registers.</param>
    public AddressSpace Open(SpaceRequest request, string? mode, params (string Name, ulong Value)[] registers)
    {
        _folder.Write("ram.bin", _bytes);
        string values = registers.Length == 0
            ? ""
            : "  registers_values:\n" + string.Concat(registers.Select(r => $"    {r.Name}: 0x{r.Value:x}\n"));
        string path = _folder.Write($"machine{_opened.Count}.yaml", $"""
            cpu:
              architecture: {architecture}
            {values}mmu:
              {(mode == null ? "{}" : "mode: " + mode)}
            memspace:
              ram:
                - start: 0
                  end: 0x{_bytes.Length - 1:x}
                  dumpfile: ram.bin

            """);
        MemoryDump dump = MemoryDump.Open(path);
        _opened.Add(dump);
        return AddressSpace.Open(dump, request);
    }

    /// <summary>The pages of a space: virtual address, physical address, page size.</summary>
    public static (ulong Virtual, ulong Physical, ulong PageSize)[] Pages(
        AddressSpace space, ulong minimum = 0, ulong maximum = ulong.MaxValue)
    {
        WalkRequest request = space.NewWalk() with
        {
            PerPage = true,
            IncludeAbsent = true,
            MinimumAddress = minimum,
            MaximumAddress = maximum,
        };
        return [.. space.Walk(request, out _).Select(m => (m.VirtualAddress, m.PhysicalAddress, m.Attributes.PageSize))];
    }

    public void Dispose()
    {
        _opened.ForEach(d => d.Dispose());
        _folder.Dispose();
    }
}
