using System.Security.Cryptography;

namespace ElfMmu.Dumps;

/// <summary>Hashes of files, as tools of evidence write them.</summary>
public static class FileHash
{
    private const int BlockSize = 4 << 20;

    /// <summary>The SHA-256 of a file as it is, in small hexadecimal digits, as <c>sha256sum</c> prints it. O(bytes).</summary>
    /// <param name="path">The path.</param>
    /// <param name="progress">Takes how many bytes of how many are done, on the thread that asked.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ElfMmuException"><c>FileOpenFailed</c> or <c>ReadFailed</c>.</exception>
    public static string Sha256(string path, Action<ulong, ulong>? progress = null, CancellationToken cancellation = default)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfMmuException("FileOpenFailed", ErrorKind.ReadError, $"'{path}' can't be opened: {e.Message}", e) { Path = path };
        }

        using (file)
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            byte[] block = new byte[BlockSize];
            ulong done = 0;
            try
            {
                for (int read; (read = file.Read(block)) > 0;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    hash.AppendData(block, 0, read);
                    done += (ulong)read;
                    progress?.Invoke(done, (ulong)file.Length);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ElfMmuException("ReadFailed", ErrorKind.ReadError, $"Reading '{path}' at offset 0x{done:x} failed: {e.Message}", e)
                { Path = path, Offset = done };
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }
}
