namespace ElfMmu.Elf.Details;

/// <summary>What a file is, which its type alone doesn't say.</summary>
public enum ElfKind
{
    /// <summary>Its type is none that is known.</summary>
    Unknown,

    /// <summary>An object file, to be linked.</summary>
    Relocatable,

    /// <summary>A module of the Linux kernel.</summary>
    KernelModule,

    /// <summary>A program at fixed addresses that libraries are loaded for.</summary>
    Executable,

    /// <summary>A program at fixed addresses that needs no loader.</summary>
    StaticExecutable,

    /// <summary>A program for any address that libraries are loaded for.</summary>
    PositionIndependentExecutable,

    /// <summary>A program for any address that needs no loader.</summary>
    StaticPositionIndependentExecutable,

    /// <summary>A library, which programs load.</summary>
    SharedLibrary,

    /// <summary>The memory of a process or of a machine.</summary>
    Core,

    /// <summary>Symbols and debugging information of another file, without its code.</summary>
    SeparateDebugFile,
}
