// Speaking instead of typing: one big button, a meter that shows that one is heard, listening back,
// doing it again, sending. Nothing leaves the page before it is sent.

import { byId } from "./dom.js";
import { label } from "./labels.js";

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const BITS = 32000;
const BARS = 24;

export class Recorder {
  /** `send(blob, seconds)` takes a recording of at most `minutes`. */
  constructor({ minutes, send }) {
    this.longest = minutes * 60;
    this.send = send;
    this.dialog = byId("recorder");
    this.audio = byId("recorder-audio");
    this.meter = byId("recorder-meter");
    this.meter.append(...Array.from({ length: BARS }, () => document.createElement("i")));
    byId("recorder-main").addEventListener("click", () => this.main());
    byId("recorder-again").addEventListener("click", () => this.start());
    byId("recorder-send").addEventListener("click", () => this.finish());
    byId("recorder-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.reset());
    addEventListener("pagehide", () => this.reset());
  }

  static possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
  }

  open() {
    this.reset();
    this.dialog.showModal();
    byId("recorder-main").focus();
  }

  main() {
    if (this.recorder?.state === "recording") this.recorder.stop();
    else this.start();
  }

  async start() {
    this.reset();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
      });
    } catch {
      return this.say("web.no_microphone");
    }
    if (!this.dialog.open) return this.reset();
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const pieces = [];
    const recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: BITS });
    this.recorder = recorder;
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => this.recorder === recorder && this.done(pieces, recorder.mimeType);
    recorder.onerror = () => this.recorder === recorder && recorder.state !== "inactive" && recorder.stop();
    recorder.start(1000);
    this.began = performance.now();
    this.show("recording");
    this.watch();
  }

  /** Draw the level and the time, and stop at the longest. */
  watch() {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(this.stream).connect(analyser);
    this.context = context;
    const samples = new Uint8Array(analyser.fftSize);
    const bars = [...this.meter.children];
    let level = 0;
    const draw = () => {
      if (this.recorder?.state !== "recording") return;
      analyser.getByteTimeDomainData(samples);
      const peak = Math.max(...samples.map((sample) => Math.abs(sample - 128))) / 128;
      level = Math.max(Math.sqrt(peak), level * 0.88);
      const lit = Math.round(level * BARS);
      bars.forEach((bar, place) => bar.classList.toggle("lit", place < lit));
      const seconds = Math.floor((performance.now() - this.began) / 1000);
      this.seconds = seconds;
      byId("recorder-time").textContent = clock(seconds);
      if (seconds >= this.longest) this.recorder.stop();
      this.frame = requestAnimationFrame(draw);
    };
    draw();
  }

  done(pieces, type) {
    this.seconds = Math.max(1, Math.round((performance.now() - this.began) / 1000));
    this.blob = new Blob(pieces, { type });
    this.quiet();
    if (!this.blob.size) return this.say("web.no_microphone");
    this.audio.src = URL.createObjectURL(this.blob);
    this.show("done");
    byId("recorder-send").focus();
  }

  finish() {
    const { blob, seconds } = this;
    if (!blob) return;
    this.send(blob, seconds);
    this.dialog.close();
  }

  say(key) {
    this.quiet();
    this.show("ready");
    byId("recorder-hint").textContent = label(key);
  }

  show(state) {
    this.dialog.dataset.state = state;
    byId("recorder-hint").textContent = label(`web.speak_${state}`);
    byId("recorder-main").setAttribute(
      "aria-label",
      label(state === "recording" ? "web.speak_stop" : "web.speak_start"),
    );
    byId("recorder-main").hidden = state === "done";
    byId("recorder-heard").hidden = state !== "done";
    this.meter.hidden = state === "done";
  }

  /** Let go of the microphone. */
  quiet() {
    cancelAnimationFrame(this.frame);
    this.recorder = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.context?.close();
    this.context = null;
    for (const bar of this.meter.children) bar.classList.remove("lit");
  }

  reset() {
    const { recorder } = this;
    this.quiet();
    if (recorder && recorder.state !== "inactive") recorder.stop();
    this.blob = null;
    if (this.audio.src) URL.revokeObjectURL(this.audio.src);
    this.audio.removeAttribute("src");
    byId("recorder-time").textContent = clock(0);
    this.show("ready");
  }
}

export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
