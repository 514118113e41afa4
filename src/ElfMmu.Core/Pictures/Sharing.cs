namespace ElfMmu.Pictures;

/// <summary>How much of a mapping's memory other spaces of the picture have too.</summary>
internal enum Sharing : byte
{
    /// <summary>None of it.</summary>
    None,

    /// <summary>Some of it.</summary>
    Part,

    /// <summary>All of it.</summary>
    All,
}
