namespace ElfMmu.Images;

/// <summary>Bytes that headers are read from: of an address space, or of a file.</summary>
internal interface IImageBytes
{
    /// <summary>Reads as many bytes as there are without a gap.</summary>
    /// <returns>How many were read.</returns>
    int Read(ulong address, Span<byte> destination);

    /// <summary>Reads all bytes or says that not all are there.</summary>
    bool TryRead(ulong address, Span<byte> destination) => Read(address, destination) == destination.Length;
}
