using ElfMmu.Paging;

namespace ElfMmu.Images;

/// <summary>Compares the rights that an image's headers ask for with those its pages have.</summary>
internal static class ImageRights
{
    // What is loaded has a handful of runs of pages a segment. Looking at more would let a hostile image take its time.
    private const int MostMappings = 64;

    /// <summary>Compares for one stretch of addresses. O(log mappings).</summary>
    /// <param name="view">The space.</param>
    /// <param name="address">The first address.</param>
    /// <param name="size">The length in bytes.</param>
    /// <param name="wanted">What the headers ask for.</param>
    /// <param name="any">Whether any page of it is mapped.</param>
    public static RightsFit Compare(SpaceView view, ulong address, ulong size, Rights wanted, out bool any)
    {
        var fit = RightsFit.Agrees;
        any = false;
        foreach (Mapping mapping in view.Overlapping(address, size, MostMappings))
        {
            any = true;
            Rights user = mapping.Attributes.User;
            Rights actual = user != Rights.None ? user : mapping.Attributes.Supervisor;
            if ((wanted & ~actual & Rights.Execute) != 0 && (user == Rights.None || view.UserExecutes))
            {
                return RightsFit.Contradicts;
            }

            if ((actual & ~wanted & (Rights.Write | Rights.Execute)) != 0)
            {
                fit = RightsFit.Allows;
            }
        }

        return fit;
    }
}
