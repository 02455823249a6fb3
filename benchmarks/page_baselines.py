"""Two usual ways to lay a page straight, for ``benchmarks/pages.py``."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from page_wear import A4, PER_MM, Points, Worn, project

from scanform.model.scan import Pixels

Places = Callable[[Points], Points]
Method = Callable[[Worn], Places | None]


def contour_and_warp(page: Worn) -> Places | None:
    """The baseline of many tutorials: the largest light quadrangle is the page."""
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY)
    scale = 1000 / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, light = cv2.threshold(cv2.GaussianBlur(small, (5, 5), 0), 0, 255, cv2.THRESH_OTSU)
    light = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(contours, key=cv2.contourArea)
    quad = cv2.approxPolyDP(largest, 0.02 * cv2.arcLength(largest, True), True).reshape(-1, 2)
    if len(quad) != 4:
        quad = cv2.boxPoints(cv2.minAreaRect(largest))
    by_sum, by_difference = quad.sum(axis=1), np.diff(quad, axis=1).ravel()
    order = [by_sum.argmin(), by_difference.argmin(), by_sum.argmax(), by_difference.argmax()]
    corners = quad[order].astype(np.float64) / scale
    form = np.array([[0, 0], [A4[0], 0], [*A4], [0, A4[1]]], np.float64)
    found, _ = cv2.findHomography(form, corners, 0)
    cv2.warpPerspective(page.pixels, found, (2480, 3508))
    return lambda places: project(found, places)


def sift_and_ransac(blank: Pixels) -> Method:
    """The other baseline: features of the whole page, ratio test, RANSAC, one homography."""
    sift = cv2.SIFT_create()  # type: ignore[attr-defined]
    form = cv2.resize(blank, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    form_points, form_features = sift.detectAndCompute(form, None)

    def run(page: Worn) -> Places | None:
        grey = cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY)
        scale = min(1.0, 150 / page.dpi)
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        points, features = sift.detectAndCompute(small, None)
        flann = cv2.FlannBasedMatcher({"algorithm": 1, "trees": 5}, {"checks": 50})
        pairs = [p for p in flann.knnMatch(features, form_features, k=2) if len(p) == 2]
        good = [first for first, second in pairs if first.distance < 0.75 * second.distance]
        if len(good) < 10:
            return None
        here = np.array([points[each.queryIdx].pt for each in good]) / scale
        there = np.array([form_points[each.trainIdx].pt for each in good]) * 2 / PER_MM
        found, _ = cv2.findHomography(there, here, cv2.RANSAC, 5.0)
        if found is None:
            return None
        cv2.warpPerspective(page.pixels, found, (2480, 3508))
        return lambda places: project(found, places)

    return run
