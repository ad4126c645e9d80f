// A photo before it leaves the device: upright, no longer than the server keeps, and drawn again, so
// that nothing of the file but its pixels goes (no place, time or camera).

const LONGEST = 2048; // pixels of the longer side
const QUALITY = 0.85;
const LARGEST = 64 * 1024 * 1024; // bytes; more than any phone makes of one photo

/** The picture in a file as a small JPEG; null when this browser sees no picture in it. */
export async function shrink(file) {
  if (file.size > LARGEST) return null;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const paper = draw(picture, Math.min(1, LONGEST / Math.max(picture.width, picture.height)));
    picture.close();
    return await new Promise((resolve) => paper.toBlob(resolve, "image/jpeg", QUALITY));
  } catch {
    return null;
  }
}

/** On white, as the server does with what is transparent. */
function draw(picture, scale) {
  const paper = document.createElement("canvas");
  paper.width = Math.max(1, Math.round(picture.width * scale));
  paper.height = Math.max(1, Math.round(picture.height * scale));
  const brush = paper.getContext("2d");
  brush.fillStyle = "white";
  brush.fillRect(0, 0, paper.width, paper.height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, 0, 0, paper.width, paper.height);
  return paper;
}
