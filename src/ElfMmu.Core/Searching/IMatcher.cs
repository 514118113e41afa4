namespace ElfMmu.Searching;

/// <summary>What finds a pattern in bytes.</summary>
internal interface IMatcher
{
    /// <summary>The most bytes that a hit has.</summary>
    int MostLength { get; }

    /// <summary>What the address of a hit is a multiple of; a power of two.</summary>
    int Alignment { get; }

    /// <summary>Whether nothing but zeros can be a hit.</summary>
    /// <param name="cancellation">Ends trying it.</param>
    bool MayBeZeros(CancellationToken cancellation);
}
