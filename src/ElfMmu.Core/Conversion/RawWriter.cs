using ElfMmu.Export;

namespace ElfMmu.Conversion;

/// <summary>Writes raw images: each byte as far behind the first one of its file as it was behind that in memory.</summary>
/// <param name="files">The files with the stretches of addresses they show, ascending and disjoint; together they hold all memory there is.</param>
internal sealed class RawWriter(IReadOnlyList<(OutputFile Output, MemoryPiece Shown)> files) : DumpWriter
{
    private int _current = -1;
    private SparseFileWriter? _writer;
    private ZeroSkippingCopier? _copier;
    private ulong _written;
    private ulong _length;

    /// <inheritdoc/>
    public override ulong Written => _written + (_copier?.Written ?? 0);

    /// <inheritdoc/>
    public override ulong Finish()
    {
        MoveTo(files.Count);
        return _length;
    }

    /// <inheritdoc/>
    protected override void Put(ulong address, ReadOnlySpan<byte> bytes)
    {
        // Stretches that touch were one before, so no piece of memory reaches from one file into the next.
        while (_current < 0 || address > files[_current].Shown.Last)
        {
            MoveTo(_current + 1);
        }

        _copier!.Copy(address - files[_current].Shown.Start, bytes);
    }

    /// <summary>Ends the files before one.</summary>
    private void MoveTo(int next)
    {
        while (_current < next)
        {
            if (_writer != null)
            {
                _writer.Finish(files[_current].Shown.Size);
                _written += _copier!.Written;
                _length += files[_current].Shown.Size;
            }

            (_writer, _copier) = (null, null);
            if (++_current < files.Count)
            {
                _writer = new SparseFileWriter(files[_current].Output.Stream.SafeFileHandle);
                _copier = new ZeroSkippingCopier(_writer);
            }
        }
    }
}
