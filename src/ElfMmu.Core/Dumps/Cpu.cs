namespace ElfMmu.Dumps;

/// <summary>A processor and the registers a dump has of it.</summary>
public sealed class Cpu
{
    /// <summary>Makes a processor.</summary>
    /// <param name="index">Its number in the dump, from 0.</param>
    /// <param name="registers">Its registers by name.</param>
    /// <param name="prStatus">The NT_PRSTATUS note's descriptor as the dump has it.</param>
    public Cpu(int index, IEnumerable<KeyValuePair<string, ulong>> registers, ReadOnlyMemory<byte> prStatus = default)
    {
        Index = index;
        Registers = registers as RegisterSet ?? new RegisterSet(registers);
        PrStatus = prStatus;
    }

    /// <summary>Its number in the dump, from 0.</summary>
    public int Index { get; }

    /// <summary>Its registers by name, without regard to case.</summary>
    public RegisterSet Registers { get; }

    /// <summary>The NT_PRSTATUS note's descriptor as the dump has it, in the dump's byte order; empty when there is none.</summary>
    public ReadOnlyMemory<byte> PrStatus { get; }

    /// <summary>A register's value, or null when the dump doesn't have it.</summary>
    public ulong? this[string register] => Registers[register];
}
