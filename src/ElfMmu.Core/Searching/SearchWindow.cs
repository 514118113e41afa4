namespace ElfMmu.Searching;

/// <summary>A piece of physical memory that is searched in one go.</summary>
/// <param name="Start">The first address.</param>
/// <param name="Last">The last address, where something to be searched lies.</param>
/// <param name="Done">How many bytes are done when this window is.</param>
internal readonly record struct SearchWindow(ulong Start, ulong Last, ulong Done)
{
    /// <summary>The most bytes a window has; windows end at multiples of it.</summary>
    public const int MostSize = 1 << 20;
}
