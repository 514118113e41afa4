namespace ElfMmu.Intervals;

/// <summary>
/// The class of alike intervals an item belongs to: two items are alike exactly when their keys are equal. What isn't
/// compared is 0.
/// </summary>
internal readonly record struct FuseKey(ulong Displacement, ulong Rights, int Group)
{
    /// <summary>The key of an item.</summary>
    public static FuseKey Of<TTag>(in FuseItem<TTag> item, FuseBy by)
    {
        // Masks instead of branches: this runs once per item in the innermost loop.
        ulong targetMask = 0UL - ((ulong)by & (ulong)FuseBy.Target);
        ulong rightsMask = 0UL - (((ulong)by & (ulong)FuseBy.Rights) >> 1);
        return new FuseKey(item.Displacement & targetMask, item.Rights & rightsMask, item.Group);
    }

    // HashCode is seeded per process; the generated one isn't, so a crafted dump could make every key collide.
    public override int GetHashCode() => HashCode.Combine(Displacement, Rights, Group);
}
