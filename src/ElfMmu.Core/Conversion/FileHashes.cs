using System.Security.Cryptography;
using ElfMmu.Memory;

namespace ElfMmu.Conversion;

/// <summary>Hashes files as they are, one after the other, on a thread of its own.</summary>
internal sealed class FileHashes : IDisposable
{
    private const int BlockSize = 1 << 20;

    private readonly CancellationTokenSource _stop;
    private readonly Task<HashedFile[]> _task;
    private long _done;

    /// <summary>Begins.</summary>
    /// <param name="files">Full paths.</param>
    /// <param name="cancellation">Ends it.</param>
    public FileHashes(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Size = files.Select(f => new FileInfo(FileReading.FinalTarget(f))).Where(f => f.Exists).Aggregate(0UL, (sum, f) => sum + (ulong)f.Length);
        _task = Task.Factory.StartNew(
            () => files.Select(Hash).ToArray(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How many bytes the files have.</summary>
    public ulong Size { get; }

    /// <summary>How many of them are hashed.</summary>
    public ulong Done => (ulong)Interlocked.Read(ref _done);

    /// <summary>Waits for the hashes, and tells how far they are meanwhile.</summary>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public HashedFile[] Finish(Action report)
    {
        const int Interval = 100;
        try
        {
            while (!_task.Wait(Interval, _stop.Token))
            {
                report();
            }

            return _task.Result;
        }
        catch (AggregateException e) when (e.InnerException is { } inner)
        {
            throw inner is OperationCanceledException or ElfMmuException
                ? inner
                : new ElfMmuException("ReadFailed", ErrorKind.ReadError, $"A file of the dump can't be read to be hashed: {inner.Message}", inner);
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_task).AsyncWaitHandle.WaitOne();
        _ = _task.Exception;
        _stop.Dispose();
    }

    private HashedFile Hash(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
        byte[] block = GC.AllocateUninitializedArray<byte>(BlockSize);
        ulong length = 0;
        for (int read; (read = stream.Read(block)) > 0;)
        {
            _stop.Token.ThrowIfCancellationRequested();
            hash.AppendData(block.AsSpan(0, read));
            length += (ulong)read;
            Interlocked.Add(ref _done, read);
        }

        return new HashedFile(path, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
