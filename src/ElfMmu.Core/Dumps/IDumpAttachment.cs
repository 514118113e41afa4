namespace ElfMmu.Dumps;

/// <summary>Something that is kept with an open dump and can say what it holds.</summary>
internal interface IDumpAttachment
{
    /// <summary>What is kept, in words such as <c>mappings of 3 address spaces</c>; nothing where nothing is.</summary>
    IEnumerable<string> Describe();
}
