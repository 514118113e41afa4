using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>A data source as a forward-only stream, with a few bytes more behind it.</summary>
/// <param name="source">The source.</param>
/// <param name="appended">The bytes behind it.</param>
/// <param name="cancellation">Ends reading, also where much is read of which nothing comes out.</param>
internal sealed class DataSourceStream(DataSource source, byte[] appended, CancellationToken cancellation) : Stream
{
    private ulong _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => (long)source.Length + appended.Length;

    public override long Position
    {
        get => (long)_position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        int size;
        if (_position < source.Length)
        {
            size = (int)Math.Min((ulong)buffer.Length, source.Length - _position);
            source.Read(_position, buffer[..size]);
        }
        else
        {
            ReadOnlySpan<byte> rest = appended.AsSpan((int)(_position - source.Length));
            size = Math.Min(buffer.Length, rest.Length);
            rest[..size].CopyTo(buffer);
        }

        _position += (ulong)size;
        return size;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
