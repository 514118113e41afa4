namespace ElfMmu.Packing;

/// <summary>Passes a stream on and sums it up as zlib does (RFC 1950).</summary>
/// <param name="inner">The stream, which it takes over.</param>
internal sealed class Adler32Stream(Stream inner) : Stream
{
    private const uint Modulus = 65521;

    // So many bytes can be added before the sums have to be brought below the modulus.
    private const int MostUnreduced = 5552;

    private uint _a = 1;
    private uint _b;

    /// <summary>The sum of what was read.</summary>
    public uint Sum => (_b << 16) | _a;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        for (ReadOnlySpan<byte> bytes = buffer[..read]; !bytes.IsEmpty; bytes = bytes[Math.Min(MostUnreduced, bytes.Length)..])
        {
            foreach (byte b in bytes[..Math.Min(MostUnreduced, bytes.Length)])
            {
                _a += b;
                _b += _a;
            }

            (_a, _b) = (_a % Modulus, _b % Modulus);
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
