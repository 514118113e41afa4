using ElfMmu.Elf;

namespace ElfMmu.Companions;

/// <summary>The machine a companion is for: what its ELF header has to say so that a debugger takes it beside a core.</summary>
public sealed record CompanionTarget
{
    /// <summary>The processor.</summary>
    public required ElfMachine Machine { get; init; }

    /// <summary>The width of addresses.</summary>
    public required ElfClass Class { get; init; }

    /// <summary>The byte order.</summary>
    public required ElfData Data { get; init; }

    /// <summary>Whose extensions are used.</summary>
    public ElfOsAbi OsAbi { get; init; }

    /// <summary>The version of that ABI.</summary>
    public byte AbiVersion { get; init; }

    /// <summary>The processor's flags.</summary>
    public uint Flags { get; init; }

    /// <summary>The highest address there is.</summary>
    public ulong MaximumAddress => Class == ElfClass.Elf32 ? uint.MaxValue : ulong.MaxValue;

    /// <summary>The target of an ELF file, of a core for example.</summary>
    public static CompanionTarget Of(ElfHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return new CompanionTarget
        {
            Machine = header.Machine,
            Class = header.Class,
            Data = header.Data,
            OsAbi = header.OsAbi,
            AbiVersion = header.AbiVersion,
            Flags = header.Flags,
        };
    }
}
