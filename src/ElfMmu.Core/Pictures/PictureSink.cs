using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Pictures;

/// <summary>Takes a walk's mappings into a picture.</summary>
public readonly struct PictureSink(AddressSpacePicture picture, SpaceIdentity space) : IMappingSink
{
    /// <inheritdoc/>
    public bool Add(in Mapping mapping)
    {
        picture.Add(mapping, space);
        return true;
    }
}
