using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>What a dump says about the machine it was taken from; the same picture whatever the container.</summary>
public sealed record Machine
{
    /// <summary>The architecture.</summary>
    public Architecture Architecture { get; init; }

    /// <summary>The order of bytes in numbers and page tables.</summary>
    public ByteOrder ByteOrder { get; init; }

    /// <summary>The word size of the processor in bits, 32 or 64; null when not known.</summary>
    public int? WordSize { get; init; }

    /// <summary>The paging mode by the name the dump uses; null when it doesn't name one.</summary>
    public string? Mode { get; init; }

    /// <summary>How many bits a physical address has (x86: MAXPHYADDR); null when not known.</summary>
    public int? PhysicalAddressBits { get; init; }

    /// <summary>
    /// Address bits in page-table entries and roots that say that memory is encrypted (AMD SME's C-bit) and are no part of the
    /// address; 0 for none.
    /// </summary>
    public ulong EncryptionMask { get; init; }

    /// <summary>The processors.</summary>
    public IReadOnlyList<Cpu> Cpus { get; init; } = [];

    /// <summary>Memory-mapped devices, in any order.</summary>
    public IReadOnlyList<PhysicalRegion> Devices { get; init; } = [];

    /// <summary>
    /// This machine with what another description adds. What the other one says wins; its registers join those of the processor
    /// with the same number.
    /// </summary>
    public Machine With(Machine other)
    {
        var cpus = Cpus.ToDictionary(c => c.Index);
        foreach (Cpu cpu in other.Cpus)
        {
            if (cpus.TryGetValue(cpu.Index, out Cpu? mine))
            {
                cpus[cpu.Index] = new Cpu(
                    cpu.Index, mine.Registers.With(cpu.Registers), cpu.PrStatus.IsEmpty ? mine.PrStatus : cpu.PrStatus);
            }
            else
            {
                cpus[cpu.Index] = cpu;
            }
        }

        return this with
        {
            Architecture = other.Architecture != Architecture.Unknown ? other.Architecture : Architecture,
            ByteOrder = other.Architecture != Architecture.Unknown ? other.ByteOrder : ByteOrder,
            WordSize = other.WordSize ?? WordSize,
            Mode = other.Mode ?? Mode,
            PhysicalAddressBits = other.PhysicalAddressBits ?? PhysicalAddressBits,
            EncryptionMask = EncryptionMask | other.EncryptionMask,
            Cpus = [.. cpus.Values.OrderBy(c => c.Index)],
            Devices = [.. Devices, .. other.Devices],
        };
    }
}
