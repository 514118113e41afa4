using System.Buffers;
using System.Text;

namespace ElfMmu.Cli.Output;

/// <summary>
/// A buffered stream of UTF-8. Rows are formatted straight into the buffer, so nothing is allocated for them.
/// </summary>
internal sealed class Utf8Output(Stream stream) : IBufferWriter<byte>
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _used;

    /// <summary>Room for at least so many bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_used);
    }

    /// <inheritdoc cref="GetSpan"/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_used);
    }

    /// <summary>Takes over bytes written to the room.</summary>
    public void Advance(int count) => _used += count;

    /// <summary>Writes bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _used += bytes.Length;
    }

    /// <summary>Writes text.</summary>
    public void Write(string text)
    {
        // Making room may empty the buffer, so it comes before the number of bytes in it is looked at.
        int size = Encoding.UTF8.GetBytes(text, GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _used += size;
    }

    /// <summary>Gives the stream what was gathered.</summary>
    /// <exception cref="OutputException">The stream takes no more.</exception>
    public void Flush()
    {
        int size = _used;
        _used = 0;
        try
        {
            if (size > 0)
            {
                stream.Write(_buffer, 0, size);
            }

            stream.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new OutputException(e.Message, isClosed: false, e);
        }
    }

    private void Reserve(int size)
    {
        if (_buffer.Length - _used > size)
        {
            return;
        }

        Flush();
        if (_buffer.Length <= size)
        {
            _buffer = new byte[size + 1];
        }
    }
}
