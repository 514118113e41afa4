using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ElfMmu.Conversion;

/// <summary>
/// Hashes memory on a thread of its own while another one reads and writes it; a few pieces at most wait.
/// </summary>
internal sealed class MemoryHash : IDisposable
{
    /// <summary>The most bytes in one piece.</summary>
    public const int PieceSize = 2 << 20;

    private const int MostWaiting = 4;
    private const int ZeroSize = 256 << 10;

    private static readonly byte[] Zeros = new byte[ZeroSize];

    private readonly BlockingCollection<Piece> _waiting = new(MostWaiting);
    private readonly ConcurrentBag<byte[]> _buffers = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CancellationToken _cancellation;
    private readonly Thread _thread;
    private volatile bool _isAbandoned;

    public MemoryHash(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _thread = new Thread(Run) { IsBackground = true, Name = "ElfMmu memory hash" };
        _thread.Start();
    }

    /// <summary>A buffer of <see cref="PieceSize"/> bytes, to be given to <see cref="Add"/>.</summary>
    public byte[] Rent() => _buffers.TryTake(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(PieceSize);

    /// <summary>Takes the first bytes of a buffer of <see cref="Rent"/>, which isn't the caller's any more.</summary>
    public void Add(byte[] buffer, int size) => _waiting.Add(new Piece(buffer, (ulong)size), _cancellation);

    /// <summary>Takes zeros.</summary>
    public void AddZeros(ulong size) => _waiting.Add(new Piece(null, size), _cancellation);

    /// <summary>The hash of everything, in lower-case hexadecimal. Waits for what isn't hashed yet.</summary>
    public string Finish()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _cancellation.ThrowIfCancellationRequested();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <summary>Waits until nothing is read any more. What waits is not hashed then.</summary>
    public void Dispose()
    {
        _isAbandoned = true;
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
        _hash.Dispose();
    }

    private void Run()
    {
        foreach (Piece piece in _waiting.GetConsumingEnumerable())
        {
            if (_isAbandoned || _cancellation.IsCancellationRequested)
            {
                continue;
            }

            if (piece.Buffer != null)
            {
                _hash.AppendData(piece.Buffer.AsSpan(0, (int)piece.Size));
                _buffers.Add(piece.Buffer);
            }
            else
            {
                for (ulong left = piece.Size, part; left > 0 && !_isAbandoned && !_cancellation.IsCancellationRequested; left -= part)
                {
                    part = Math.Min(left, ZeroSize);
                    _hash.AppendData(Zeros.AsSpan(0, (int)part));
                }
            }
        }
    }

    private readonly record struct Piece(byte[]? Buffer, ulong Size);
}
