using System.Text;
using ElfMmu.Export;

namespace ElfMmu.Pictures;

/// <summary>
/// Draws address spaces side by side as a page for a browser or a printer: addresses on one axis with what isn't mapped folded,
/// rights as colours, sizes to scale. The same mappings give the same bytes.
/// </summary>
public static class PictureExporter
{
    private const int BufferSize = 1 << 16;

    /// <summary>The format that a path's extension names; null if it is neither .html, .htm nor .svg.</summary>
    public static PictureFormat? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" or ".xhtml" => PictureFormat.Html,
        ".svg" => PictureFormat.Svg,
        _ => null,
    };

    /// <summary>The error of a path whose extension names no format, for those who want to tell before there are mappings.</summary>
    public static ElfMmuException FormatUnknown(string path) => new(
        "PictureFormatUnknown",
        ErrorKind.InvalidArgument,
        $"The name '{path}' doesn't say what to draw. Give one that ends in .html or .svg, or the format.")
    { Path = path };

    /// <summary>
    /// Draws a picture. O(n log n) in the number of mappings; the size of the file is bounded however many there are, for what is
    /// too thin to be seen is drawn together.
    /// </summary>
    /// <param name="picture">The mappings.</param>
    /// <param name="options">Where to, and how.</param>
    /// <exception cref="ElfMmuException">
    /// <c>PictureFormatUnknown</c>, <c>NothingToDraw</c>, <c>TooManySpaces</c>, <c>MappingConflict</c>, <c>WriteFailed</c>, or what
    /// <see cref="OutputFile"/> throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the output is as it was before.</exception>
    public static PictureSummary Export(AddressSpacePicture picture, PictureOptions options)
    {
        PictureFormat format = options.Format ?? FormatOf(options.Path) ?? throw FormatUnknown(options.Path);
        PictureLayout layout = PictureLayout.Create(picture, options.Cancellation);
        var text = new PictureText(layout, options.Title);
        IEnumerable<string> inputs = picture.Spaces.SelectMany(s => new[] { s.Dump.Path, s.Dump.MachinePath }).OfType<string>();
        using var output = new OutputFile(options.Path, options.NoClobber, options.Force, [.. inputs.Distinct(), .. options.Inputs]);
        try
        {
            using (var writer = new StreamWriter(output.Stream, new UTF8Encoding(false), BufferSize, leaveOpen: true))
            {
                Write(writer, format, layout, text, options.Cancellation);
            }

            ulong length = (ulong)output.Stream.Length;
            options.Cancellation.ThrowIfCancellationRequested();
            output.Commit();
            return new PictureSummary(
                output.Path,
                format,
                layout.Columns.Count,
                layout.MappingCount,
                layout.StrokeCount,
                layout.MergedMappings,
                layout.Stretches.Length,
                length);
        }
        catch (IOException e)
        {
            throw new ElfMmuException(
                "WriteFailed", ErrorKind.WriteError, $"Writing '{options.Path}' failed: {e.Message} What was there before is untouched.", e)
            { Path = options.Path };
        }
    }

    private static void Write(
        TextWriter writer, PictureFormat format, PictureLayout layout, PictureText text, CancellationToken cancellation)
    {
        var markup = new Markup(writer);
        if (format == PictureFormat.Svg)
        {
            SvgPicture.Write(markup, layout, text, cancellation);
        }
        else
        {
            HtmlPicture.Write(markup, layout, text, cancellation);
        }
    }
}
