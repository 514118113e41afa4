namespace ElfMmu.Searching;

/// <summary>
/// A piece of virtual memory with what is around it. Those that differ in nothing but their virtual address are the same.
/// </summary>
/// <param name="parts">Where its bytes are in physical memory, from the first to the last.</param>
/// <param name="physical">The physical address of the piece itself.</param>
/// <param name="before">How many bytes there are before the piece.</param>
/// <param name="own">How many bytes the piece itself has.</param>
/// <param name="address">The virtual address of the piece.</param>
internal sealed class Stretch((ulong Physical, int Length)[] parts, ulong physical, int before, int own, ulong address)
    : IEquatable<Stretch>
{
    /// <summary>Where its bytes are in physical memory, from the first to the last.</summary>
    public (ulong Physical, int Length)[] Parts { get; } = parts;

    /// <summary>The physical address of the piece itself.</summary>
    public ulong Physical { get; } = physical;

    /// <summary>How many bytes there are before the piece.</summary>
    public int Before { get; } = before;

    /// <summary>How many bytes the piece itself has.</summary>
    public int Own { get; } = own;

    /// <summary>The virtual address of the piece.</summary>
    public ulong Virtual { get; } = address;

    /// <summary>How many bytes there are with what is around it.</summary>
    public int Size => Parts.Sum(p => p.Length);

    /// <inheritdoc/>
    public bool Equals(Stretch? other) =>
        other != null && Physical == other.Physical && Before == other.Before && Own == other.Own && Parts.AsSpan().SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Stretch);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Physical, Before, Own, Parts[0], Parts[^1]);
}
