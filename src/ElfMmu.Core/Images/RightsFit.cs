namespace ElfMmu.Images;

/// <summary>How the rights to an image's pages compare with those its headers ask for.</summary>
internal enum RightsFit
{
    /// <summary>What is to be executed can't be.</summary>
    Contradicts,

    /// <summary>Everything can be done that is to be, and more.</summary>
    Allows,

    /// <summary>Nothing else can be written or executed. (What is to be written may not be yet: it is copied at the first write.)</summary>
    Agrees,
}
