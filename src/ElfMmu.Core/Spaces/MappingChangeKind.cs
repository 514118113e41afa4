namespace ElfMmu.Spaces;

/// <summary>How what stands at virtual addresses differs between two sets of mappings; several can hold together.</summary>
[Flags]
public enum MappingChangeKind
{
    /// <summary>Both sides have the same there.</summary>
    Equal = 0,

    /// <summary>Only the second side maps it.</summary>
    Added = 1,

    /// <summary>Only the first side maps it.</summary>
    Removed = 2,

    /// <summary>It leads to another physical address.</summary>
    Moved = 4,

    /// <summary>Its rights are others.</summary>
    RightsChanged = 8,

    /// <summary>Its page size, its memory type, or whether it is global is another, where that was asked for.</summary>
    AttributesChanged = 16,
}
