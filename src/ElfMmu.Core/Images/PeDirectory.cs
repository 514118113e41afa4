namespace ElfMmu.Images;

/// <summary>A data directory of a PE image (PE format, "Optional Header Data Directories").</summary>
/// <param name="Address">Where it is when loaded, relative to the image.</param>
/// <param name="Size">Its bytes.</param>
internal readonly record struct PeDirectory(uint Address, uint Size)
{
    /// <summary>The export table.</summary>
    public const int Export = 0;

    /// <summary>The import table.</summary>
    public const int Import = 1;

    /// <summary>The base relocation table.</summary>
    public const int Relocations = 5;

    /// <summary>The debug data.</summary>
    public const int Debug = 6;

    /// <summary>The header of .NET's images.</summary>
    public const int ClrHeader = 14;

    /// <summary>How many there are at most.</summary>
    public const int Most = 16;
}
