namespace ElfMmu.Images;

/// <summary>What a look at a place says of whether it holds what it ought to.</summary>
internal enum ImageProbe
{
    /// <summary>Nothing: there is nothing to look at, or it isn't there.</summary>
    Silent,

    /// <summary>It holds it, or what looks just like it.</summary>
    Fits,

    /// <summary>It holds something else.</summary>
    Differs,
}
