namespace ElfMmu.Reading;

/// <summary>Why text ends where it does.</summary>
public enum MemoryTextEnd
{
    /// <summary>There is a NUL character behind it.</summary>
    Terminator,

    /// <summary>So much was asked for, or allowed.</summary>
    Length,

    /// <summary>What follows isn't there.</summary>
    Absent,
}
